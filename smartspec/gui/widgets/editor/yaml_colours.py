"""The colours of YAML: keys, texts, numbers, comments, templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def yaml_colours(line: str) -> Iterator[tuple[int, int, str]]:
    """Of a line from where to where, and the token of the colour."""
    for pattern, token in _RULES:
        for match in pattern.finditer(line):
            yield match.start(), match.end(), token
