"""The colours of YAML: keys, texts, numbers, comments, templates."""

from __future__ import annotations

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from smartspec.gui.style import theme

# Later ones paint over earlier ones.
_RULES = (
    (re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:ms|s|m|h|d|w)?(?![\w.])"), "syn_num"),
    (re.compile(r"(?<=[:\[,{ ])\s*\b(?:true|false|null)\b"), "syn_num"),
    (re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\""), "syn_str"),
    (re.compile(r"^\s*(?:- +)*[\w.$/-]+(?=\s*:(?:\s|$))"), "syn_key"),
    (re.compile(r"(?<=[{,])\s*[\w.$-]+(?=\s*:\s)"), "syn_key"),
    (re.compile(r"(?:^|(?<=\s))#.*$"), "syn_com"),
    (re.compile(r"\{\{.*?\}\}"), "syn_tpl"),
)


class YamlColours(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        theme.on_change(self.rehighlight)

    # Qt

    def highlightBlock(self, text: str) -> None:
        if len(text) > 10_000:
            return  # a line of data, not of YAML that somebody reads
        for pattern, token in _RULES:
            for match in pattern.finditer(text):
                made = QTextCharFormat()
                made.setForeground(theme.colour(token))
                self.setFormat(match.start(), match.end() - match.start(), made)
