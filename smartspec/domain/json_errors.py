"""What a person is told of a text that is no JSON."""

from __future__ import annotations

import json
import re

from smartspec.messages import N_, Message, _

_AT_END = N_("The text ends in the middle of a value.")


def explain(error: json.JSONDecodeError) -> Message:
    """A sentence that goes with its line and column."""
    rest = error.doc[error.pos :].lstrip()
    character = rest[:1]
    if error.msg == "Expecting value" or error.msg.startswith("Expecting property name"):
        return _expected(rest, is_key=error.msg != "Expecting value")
    if error.msg.startswith("Illegal trailing comma"):
        return _("A “,” stands before a closing bracket: leave it out.")
    if error.msg == "Expecting ',' delimiter":
        return _("A “,” or a closing bracket is missing here.") if character else _(_AT_END)
    if error.msg == "Expecting ':' delimiter":
        return _("A “:” is missing between a key and its value.") if character else _(_AT_END)
    found = next((sentence for begin, sentence in _SENTENCES.items() if error.msg.startswith(begin)), None)
    return _(found) if found else _("This cannot be read: {why}.", why=error.msg)


def _expected(rest: str, *, is_key: bool) -> Message:
    character = rest[:1]
    if not character:
        return _(_AT_END)
    if character == "'":
        return _("JSON wants double quotes.")
    if character in "]}":
        return _("A “,” stands before “{bracket}”, or a value is missing.", bracket=character)
    if is_key:
        return _("A key in double quotes must stand here.")
    word = re.match(r"[^\s,\]}]{0,30}", rest)
    return _("“{word}” is no value of JSON: text stands in double quotes.", word=word[0] if word else character)


_SENTENCES = {
    "Extra data": N_("The value ends before this: what follows does not belong to it."),
    "Unterminated string": N_("The text that begins here is never closed: a double quote is missing."),
    "Invalid control character": N_("A text in quotes is one line: write \\n for a line break, \\t for a tab."),
    "Invalid \\escape": N_("“\\” begins an escape, and this is none: write it twice."),
    "Invalid \\uXXXX escape": N_("Four hexadecimal digits follow “\\u”."),
    "Unexpected UTF-8 BOM": N_("The text begins with a byte order mark: leave it out."),
}
