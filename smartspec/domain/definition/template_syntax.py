"""What a person is told of an expression that cannot be read: what stands where it should not, and what should."""

from __future__ import annotations

import re
from collections.abc import Callable

from smartspec.messages import Message, _

_END = "end of print statement"
_WORDS = {"&": "and", "!": "not", "?": "a if b else c", "|": "or"}
_Explain = Callable[[re.Match[str]], Message]


def explain(said: str) -> Message:
    """A sentence for what Jinja said; `said` is English, and speaks of its own tokens."""
    for pattern, sentence in _SENTENCES:
        if found := re.fullmatch(pattern, said.rstrip(".")):
            return sentence(found)
    return _("An expression cannot be read: {why}.", why=said.rstrip("."))


def _unexpected(found: re.Match[str]) -> Message:
    token = found["token"]
    if token == _END:
        return _("An expression ends before it is complete: something is missing before “}}”.")
    if token == "end of template":
        return _("An expression is not closed: “}}” is missing.")
    return _("“{token}” cannot stand there in an expression.", token=token)


def _instead(found: re.Match[str]) -> Message:
    wanted, token = found["wanted"], found["token"]
    if token == "end of template" or (wanted == _END and token == "}"):
        return _("An expression is not closed: “}}” is missing.")
    if token == "=":
        return _("“=” sets nothing in an expression; “==” asks whether two are the same.")
    if wanted == "name" and token == "|":
        return _("“|” hands a value to a filter; write “or” between two conditions.")
    if wanted == "name":
        return _("A name is missing before “{token}”.", token="}}" if token == _END else token)
    if wanted == _END:
        return _("“{token}” stands behind an expression that is complete: join the two by an operator, as in a ~ b.",
                 token=token)  # fmt: skip
    return _("“{token}” stands where “{wanted}” was to come.", token=token, wanted=wanted)


def _unclosed(found: re.Match[str]) -> Message:
    return _("A bracket is not closed: “{bracket}” is missing before “{token}”.",
             bracket=found["wanted"], token=found["token"])  # fmt: skip


def _character(found: re.Match[str]) -> Message:
    character = found["token"].strip("'\"") or found["token"][1:-1]
    if character in ("", "'", '"'):
        return _("A text in quotes is not closed.")
    if character in _WORDS:
        return _("“{character}” is no operator here; write “{instead}”.", character=character,
                 instead=_WORDS[character])  # fmt: skip
    return _("“{character}” cannot stand in an expression.", character=character)


_SENTENCES: tuple[tuple[str, _Explain], ...] = (
    (r"Expected an expression, got ['\"](?P<token>.+)['\"]", lambda found: (
        _("There is nothing between the braces: a name or a value stands there.") if found["token"] == _END
        else _unexpected(found))),
    (r"unexpected char (?P<token>.+) at \d+", _character),
    (r"unexpected '(?P<token>.)', expected '(?P<wanted>[\]\)}])'", _unclosed),
    (r"expected token ['\"](?P<wanted>.+)['\"], got ['\"](?P<token>.+)['\"]", _instead),
    (r"unexpected (?P<token>end of template), expected ['\"](?P<wanted>.+)['\"]", _instead),
    (r"unexpected ['\"](?P<token>.+)['\"]", _unexpected),
    (r"You cannot chain multiple tests with is", lambda found: (
        _("“is” asks once: join two questions by “and”."))),
    (r"expected subscript expression", lambda found: _("A key or a number is missing between “[” and “]”.")),
    (r"Invalid character in identifier", lambda found: _("A name has a character that names cannot have.")),
    (r"expected name or number", lambda found: _("A name is missing behind a “.”.")),
    (r"invalid syntax for function call expression", lambda found: (
        _("Values with names come last in the brackets of a call."))),
)  # fmt: skip
