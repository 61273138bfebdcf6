"""Characters that are not seen, or turn around what is: refused in names, and shown escaped where a name has them."""

import re

from smartspec.domain.text import CONTROL_CHARACTERS, check_text, control_name
from smartspec.errors import Invalid
from smartspec.messages import Message, _

_BREAKS = "\t\n\r\x85\u2028\u2029"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_WITHOUT_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
# The joiners belong between the letters of some scripts and the parts of some emoji; beside ASCII they only hide.
_JOINERS = "(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
_INVISIBLE = re.compile(f"{CONTROL_CHARACTERS.pattern}|[{_BREAKS}{_DIRECTIONS}{_WITHOUT_WIDTH}]|{_JOINERS}")
_TURNS = re.compile(f"[{_DIRECTIONS}]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def find_invisible(text: str) -> str | None:
    """The first character of a name that cannot stand in one."""
    if text.isascii() and text.isprintable():
        return None
    found = _INVISIBLE.search(text)
    return found[0] if found else None


def check_one_line(text: str, what: str, longest: int) -> str:
    """A name, of one line, in which everything is seen. `what` begins the sentence of an error.

    Raises Invalid for what `check_text` refuses, line breaks and tabs, and control, direction and invisible characters.
    """
    check_text(text, what, longest)
    if (found := find_invisible(text)) is not None:
        raise Invalid(_("{what} cannot hold {character}; leave it out.", what=what, character=invisible_name(found)))
    return text


def invisible_name(character: str) -> Message:
    """To stand in a sentence: a line break, the direction mark U+202E."""
    if character == "\t":
        return _("a tab")
    if character in _BREAKS:
        return _("a line break")
    if CONTROL_CHARACTERS.match(character):
        return control_name(character)
    name = f"U+{ord(character):04X}"
    if _TURNS.match(character):
        return _("the direction mark {name}", name=name)
    return _("the invisible character {name}", name=name)


def escape_invisible(text: str) -> str:
    """A name from anywhere as it may be shown on one line: what is not seen stands written out, as \\u202e."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub(_escaped, text)


def escape_directions(text: str) -> str:
    """A text of several lines as it may be shown: what turns it around stands written out."""
    return text if text.isascii() else _TURNS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{ord(character):02x}" if ord(character) < 256 else character.encode("unicode_escape").decode()
