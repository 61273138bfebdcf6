"""The door to the terminal: whatever leaves through it is harmless, colours are put on by us alone."""

from __future__ import annotations

import json
import re
import sys

import click

from smartspec.domain.display import display_width, strip_escapes
from smartspec.messages import translate

_STYLES = ("bold", "red", "green", "blue", "cyan", "yellow", "bright_black")
# Colours are marked by characters that are none (Unicode, 23.7 Noncharacters) until the text was made harmless.
_MARKS = {style: chr(0xFDD0 + number) for number, style in enumerate(_STYLES)}
_END = "\ufdef"
_MARK = re.compile("[\ufdd0-\ufdef]")
_SEQUENCES = {
    mark: click.style("", reset=False, **({"bold": True} if style == "bold" else {"fg": style}))
    for style, mark in _MARKS.items()
}
_LONGEST_WORD = 200
_PROGRAM = "smartspec"
_LONG_WORD = re.compile(r"\S{400,}")
_RESET = "\x1b[0m"
_HIDDEN_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def paint(text: str, style: str | None) -> str:
    """A text in one of our styles, where there is colour."""
    return f"{_MARKS[style]}{text}{_END}" if style in _MARKS else text


def unpainted(text: str) -> str:
    return _MARK.sub("", text)


def columns(text: str) -> int:
    """How wide it is on the screen; colours take no room."""
    return display_width(unpainted(text))


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Show a text, on standard error with `err`. Nothing else in the terminal writes to it."""
    click.echo(_drawn(text), err=err, nl=nl)


def echo_notice(text: str) -> None:
    """Say on standard error, in the program's name, what a person should know: a Message, or words of somebody else."""
    echo(f"{_PROGRAM}: {shortened(translate(text))}", err=True)


def redraw(text: str) -> None:
    """Show a text in place of the last line of a terminal."""
    sys.stdout.write("\r\x1b[2K" + _drawn(text))
    sys.stdout.flush()


def echo_as_it_is(text: str) -> None:
    """A text that another program may want: unchanged into a file or pipe, harmless on a terminal."""
    if sys.stdout.isatty():
        echo(text, nl=False)
    else:
        click.echo(text, nl=False, color=True)


def echo_json(value: object) -> None:
    """What would drive a terminal stands escaped in it, and means the same."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(_HIDDEN_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def shortened(sentence: str) -> str:
    """With words of hundreds of letters cut: somebody else's, repeated in the sentence."""
    return _LONG_WORD.sub(lambda found: f"{found[0][:_LONGEST_WORD]}…", sentence)


def confirm(question: str) -> None:
    """Go on only with a yes. Raises click.Abort."""
    click.confirm(strip_escapes(question), abort=True)


def ask_secret(name: str) -> str:
    """Typed without being shown, or all that is piped in, its last line break aside. Raises click.Abort."""
    if sys.stdin.isatty():
        return str(click.prompt(strip_escapes(name), hide_input=True, err=True))
    return sys.stdin.read().removesuffix("\n")


def _drawn(text: str) -> str:
    shown = strip_escapes(text)
    if not _MARK.search(shown):
        return shown
    return _MARK.sub(lambda found: _SEQUENCES.get(found[0], _RESET), shown) + _RESET
