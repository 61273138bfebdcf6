"""Text on the screen: what is left out, what it came to look like, how wide it is."""

import pytest

from smartspec.domain import display
from smartspec.domain.text import check_display_text
from smartspec.errors import Invalid


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain", "plain"), ("tab\tand\nline", "tab\tand\nline"), ("a\x1b[31mred\x1b[0m", "ared"), ("\x1b]0;title\x07b", "b"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"), ("\x1bc\x1b(0x", "x"), ("\x9b31mc1", "31mc1"), ("bell\x07\x08\x7f", "bell"),
        ("\x1b]52;c;aGk=", "52;c;aGk="), ("a\u202eb\u2066c\u2069", "abc"), ("עברית\u200f", "עברית\u200f"), ("\udcff half", "\\xff half"), ("\ud800", "\\ud800"),
        ("\x1b\x1b[31m\x1b", ""), ("日本é🙂", "日本é🙂"),
    ],
)  # fmt: skip
def test_what_drives_a_terminal_is_left_out(written: str, shown: str) -> None:
    assert display.strip_escapes(written) == shown


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("plain", "plain"), ("1%\r50%\r100%", "100%"), ("1%\r100%\r", "100%"), ("windows\r", "windows"), ("\r", ""), ("", ""),
        ("|\b/\b-", "-"), ("ab\b\bcd", "cd"), ("\b\bx", "x"), ("a\rb\bc", "c"),
    ],
)  # fmt: skip
def test_a_line_that_is_drawn_over_is_its_last_state(line: str, state: str) -> None:
    assert display.apply_overwrites(line) == state


def test_lines_of_bytes_keep_how_they_end() -> None:
    assert display.apply_overwrites_to_lines(b"a\r\n1%\r2%\r\n\xff\r\x1b[31mx\nrest\r9%") == b"a\r\n2%\r\n\x1b[31mx\n9%"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("👨‍👩‍👧", 2), ("👍🏽", 2), ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("❤️", 2), ("❤", 1), ("각", 2), ("\u1100\u1161\u11a8", 2),
        ("ไทย", 3), ("นี้", 1), ("עברית", 5), ("a\u200bb", 2), ("", 0),
    ],
)  # fmt: skip
def test_width_is_what_is_seen(text: str, columns: int) -> None:
    assert display.display_width(text) == columns


@pytest.mark.parametrize("bad", ["\x1b[31m", "a\x07", "\x7f", "\x9b", "x\x00", "\ud800", "\ufdd0"])
def test_names_refuse_what_drives_a_terminal(bad: str) -> None:
    with pytest.raises(Invalid, match=r"^A tag (cannot hold|holds half)"):
        check_display_text(bad, "A tag", 100)


@pytest.mark.parametrize("good", ["日本 é", "עברית \u202eright", "two\nlines\tand a tab", "👨‍👩‍👧"])
def test_names_hold_every_script(good: str) -> None:
    assert check_display_text(good, "A tag", 100) == good
