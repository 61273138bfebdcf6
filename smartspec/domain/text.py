"""Text that people type: what may be kept, and how it is shortened."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import overload

from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import N_, Message, _

# Control characters but for tab, line feed and carriage return; and what is never a character (Unicode, 23.7)
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef]")


def check_text(text: str, what: str, longest: int) -> str:
    """The text, if it can be kept. `what` begins the sentence of an error.

    Raises Invalid for NUL, lone surrogates and what is longer than allowed.
    """
    if "\0" in text:
        raise Invalid(_("{what} cannot hold a NUL character.", what=what))
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        raise Invalid(_("{what} holds half of a character (a lone surrogate).", what=what)) from None
    if len(text) > longest:
        most, length = format_number(longest), format_number(len(text))
        raise Invalid(_("{what} may be {most} characters long, not {length}.", what=what, most=most, length=length))
    return text


def check_display_text(text: str, what: str, longest: int) -> str:
    """A name, or words about something: of several lines if need be, but with nothing that drives a terminal.

    Marks of direction belong to texts, and stay. Raises Invalid for what `check_text` refuses, and control characters.
    """
    check_text(text, what, longest)
    if not text.isprintable() and (found := CONTROL_CHARACTERS.search(text)):
        raise Invalid(_("{what} cannot hold {character}; leave it out.", what=what, character=control_name(found[0])))
    return text


def control_name(character: str) -> Message:
    """To stand in a sentence: the control character U+001B."""
    return _("the control character {name}", name=f"U+{ord(character):04X}")


@overload
def replace_unstorable(text: str) -> str: ...
@overload
def replace_unstorable(text: None) -> None: ...
def replace_unstorable(text: str | None) -> str | None:
    """A text of any origin, with what cannot be kept replaced."""
    return text and text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def escape_undecodable(name: str) -> str:
    """A name of the system, with the bytes in it that are not UTF-8 made visible: \\xff."""
    if name.isascii():
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # half a character that is no byte of the system's
        return name.encode("utf-8", "backslashreplace").decode()


def fold(text: str) -> str:
    """Letter case, accents and ways of writing the same letter aside, as the full-text index sees it (Unicode D146)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold_name(text: str) -> str:
    """As `fold`, with the two i of Turkish (I ı, İ i) taken as one: people type the name with either."""
    return fold(text).replace("ı", "i")


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut with … where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


_MOST_COMPARED = 1_000  # words, with each of which comparing takes microseconds
_LONGEST_GUESSED = 200  # characters: comparing takes the square of that
FULL_STOP = _(".")
_GUESS = N_("; did you mean “{guess}”?")


def did_you_mean(word: str, known: Iterable[str], otherwise: str = FULL_STOP) -> str:
    """The end of a sentence about a word that is not known: a guess, or what is said without one."""
    import difflib

    if len(word) > _LONGEST_GUESSED:
        return otherwise
    likely = [each for each in islice(known, _MOST_COMPARED) if len(each) <= _LONGEST_GUESSED]
    close = difflib.get_close_matches(word, likely, n=1, cutoff=0.6)
    return _(_GUESS, guess=close[0], word=word) if close else otherwise


def guess_of(sentence: str) -> tuple[str, str] | None:
    """The word that is not known and the one that was meant, where a sentence ends as `did_you_mean` says."""
    for value in sentence.values.values() if isinstance(sentence, Message) else ():
        if isinstance(value, Message) and value.template == _GUESS:
            return value.values["word"], value.values["guess"]
    return None
