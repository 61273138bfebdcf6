"""What is looked for in an editor, and what is put in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QRegularExpression, QRegularExpressionMatch

from smartspec.messages import tr
from smartspec.value import frozen

MOST_SHOWN = 10_000
# A pattern may look back without end: PCRE gives up after that many steps, and finds nothing more.
_MOST_STEPS = 2_000_000
Span = tuple[int, int]


@frozen
class Search:
    """`text` is a regular expression where `is_pattern`."""

    text: str
    is_pattern: bool = False
    matches_case: bool = False
    whole_words: bool = False

    @property
    def problem(self) -> str:
        """Why it cannot be looked for; empty where it can."""
        return "" if self._expression().isValid() else tr("Not a regular expression")

    def _expression(self) -> QRegularExpression:
        body = self.text if self.is_pattern else QRegularExpression.escape(self.text)
        body = rf"(?<!\w)(?:{body})(?!\w)" if self.whole_words else body
        made = QRegularExpression(f"(*LIMIT_MATCH={_MOST_STEPS}){body}" if self.is_pattern else body)
        options = QRegularExpression.PatternOption.UseUnicodePropertiesOption
        if self.is_pattern:
            options |= QRegularExpression.PatternOption.MultilineOption
        if not self.matches_case:
            options |= QRegularExpression.PatternOption.CaseInsensitiveOption
        made.setPatternOptions(options)
        return made

    def spans(self, text: str) -> list[Span]:
        """Where it is, in Qt's characters; one more than `MOST_SHOWN` at most."""
        found: list[Span] = []
        for match in self._matches(text):
            found.append((match.capturedStart(), match.capturedEnd()))
            if len(found) > MOST_SHOWN:
                break
        return found

    def _matches(self, text: str) -> Iterator[QRegularExpressionMatch]:
        expression = self._expression()
        if not self.text or not expression.isValid():
            return
        matches = expression.globalMatch(text)
        while matches.hasNext():
            match = matches.next()
            if match.capturedLength():
                yield match

    def replaced(self, text: str, instead: str) -> tuple[str, Span, int]:
        """What stands from the first to the last place once all are replaced, where that is, and how many they are."""
        parts, start, at, count = list[str](), 0, 0, 0
        units = text.encode("utf-16-le", "surrogatepass")
        for match in self._matches(text):
            if not count:
                start = at = match.capturedStart()
            parts.append(units[at * 2 : match.capturedStart() * 2].decode("utf-16-le", "surrogatepass"))
            parts.append(self.replacement(match, instead))
            at, count = match.capturedEnd(), count + 1
        return "".join(parts), (start, at), count

    def replacement(self, match: QRegularExpressionMatch, instead: str) -> str:
        r"""Of a pattern with `\1` for what its first group found, `\n` for a new line."""
        if not self.is_pattern:
            return instead
        return re.sub(r"\\(?:(\d)|(.))", lambda found: _escaped(match, found), instead)

    def match_at(self, text: str, span: Span) -> QRegularExpressionMatch | None:
        """The match that is exactly there."""
        match = self._expression().match(text, span[0])
        return match if (match.capturedStart(), match.capturedEnd()) == span else None


def _escaped(match: QRegularExpressionMatch, found: re.Match[str]) -> str:
    if found[1]:
        return match.captured(int(found[1]))
    return {"n": "\n", "t": "\t"}.get(found[2], found[2])
