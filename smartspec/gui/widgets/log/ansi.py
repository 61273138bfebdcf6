"""What programs write for terminals, as pieces of coloured text; nothing of it is ever obeyed."""

from __future__ import annotations

import re

from smartspec.value import frozen

# ANSI's eight colours and the bright ones, as tokens
_COLOURS = {
    30: "text2", 31: "failed", 32: "syn_str", 33: "syn_num", 34: "syn_key", 35: "syn_tpl", 36: "running", 37: "text",
    90: "syn_com", 91: "failed", 92: "syn_str", 93: "syn_num", 94: "syn_key", 95: "syn_tpl", 96: "running", 97: "text",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\x1b\[([0-9;:]*)m"  # colours
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # any other control sequence
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # titles, links and other strings
    r"|\x1b[@-Z\\-_=>()][0-9A-B]?"
)
_CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\x1b"} | {127: "\u2421"}
LONGEST = 16 * 1024  # characters of a line that are drawn


@frozen
class Span:
    """`colour` is a token or #rrggbb, empty for the line's own."""

    text: str
    colour: str = ""
    bold: bool = False


def spans(raw: bytes) -> list[Span]:
    """A line as it would look at the end: of what overwrites itself (\\r) the last, controls as their pictures."""
    text = raw.decode("utf-8", "replace").rstrip("\r\n")
    if "\r" in text:
        text = next((part for part in reversed(text.split("\r")) if part), "")
    found: list[Span] = []
    colour, bold, at = "", False, 0
    for match in _ESCAPE.finditer(text):
        _add(found, text[at : match.start()], colour, bold)
        at = match.end()
        if match[1] is not None:
            colour, bold = _style(match[1], colour, bold)
    _add(found, text[at:], colour, bold)
    return _cut(found)


def _add(found: list[Span], text: str, colour: str, bold: bool) -> None:
    if text:
        found.append(Span(text.replace("\t", "    ").translate(_CONTROLS).replace("\x1b", "\u241b"), colour, bold))


def _cut(found: list[Span]) -> list[Span]:
    room, kept = LONGEST, list[Span]()
    for span in found:
        if len(span.text) > room:
            kept.append(Span(span.text[:room] + " …", span.colour, span.bold))
            break
        kept.append(span)
        room -= len(span.text)
    return kept


def _style(codes: str, colour: str, bold: bool) -> tuple[str, bool]:
    numbers = [int(each) if each.isdecimal() else 0 for each in re.split("[;:]", codes or "0")]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            colour, bold = "", False
        elif number in (1, 22):
            bold = number == 1
        elif number in _COLOURS:
            colour = _COLOURS[number]
        elif number == 39:
            colour = ""
        elif number in (38, 48):
            wanted, numbers = _extended(numbers)
            colour = colour if number == 48 else wanted
    return colour, bold


def _extended(numbers: list[int]) -> tuple[str, list[int]]:
    """One of 256 or 16 million colours, and the numbers that follow it."""
    if numbers[:1] == [5] and len(numbers) > 1:
        return _of_256(numbers[1]), numbers[2:]
    if numbers[:1] == [2] and len(numbers) > 3:
        red, green, blue = (min(255, each) for each in numbers[1:4])
        return f"#{red:02x}{green:02x}{blue:02x}", numbers[4:]
    return "", []


def _of_256(number: int) -> str:
    """The first 16 are those of ANSI, then a cube of six steps each, then greys."""
    if number < 16:
        return _COLOURS[30 + number if number < 8 else 82 + number]
    if number > 231:
        return f"#{8 + 10 * min(23, number - 232):02x}" + 2 * f"{8 + 10 * min(23, number - 232):02x}"
    steps = (0, 95, 135, 175, 215, 255)
    red, rest = divmod(number - 16, 36)
    green, blue = divmod(rest, 6)
    return f"#{steps[red]:02x}{steps[green]:02x}{steps[blue]:02x}"


def strip_ansi(raw: bytes) -> str:
    """A line without its colours."""
    return "".join(span.text for span in spans(raw))
