"""What cannot be seen has no place in a name, and is shown where a name has it."""

from __future__ import annotations

import pytest

from smartspec.domain.config import check_key
from smartspec.domain.invisible import check_one_line, escape_directions, escape_invisible
from smartspec.domain.workflow import check_name, check_pack
from smartspec.errors import Invalid

HIDDEN = {
    "a\nb": "a line break", "a\rb": "a line break", "a\u2028b": "a line break", "a\tb": "a tab",
    "a\x1bb": "the control character U+001B", "a\x7fb": "the control character U+007F",
    "abc\u202egpj": "the direction mark U+202E", "a\u2066b": "the direction mark U+2066",
    "a\u200fb": "the direction mark U+200F", "a\u200bb": "the invisible character U+200B",
    "a\u200db": "the invisible character U+200D", "a\ufeffb": "the invisible character U+FEFF",
    "a\u00adb": "the invisible character U+00AD", "ab\u3164": "the invisible character U+3164",
    "a\U000e0041": "the invisible character U+E0041",
}  # fmt: skip
SEEN = (
    "Nightly photo backup",
    "备份",
    "نمی\u200cخواهم",
    "क्\u200dष",
    "👨\u200d👩\u200d👧 family",
    "e\u0301té",
    "❤\ufe0f",
    "﷽",
    "a\u00a0b",
)


@pytest.mark.parametrize("name", HIDDEN)
def test_a_name_says_which_character_it_cannot_hold(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_name(name)
    assert str(caught.value) == f"The name of a workflow cannot hold {HIDDEN[name]}; leave it out."


@pytest.mark.parametrize("name", SEEN)
def test_names_of_every_script_are_kept(name: str) -> None:
    assert check_name(name) == name == escape_invisible(name)


@pytest.mark.parametrize("check", [check_pack, check_key])
def test_packs_and_keys_name_what_is_not_seen(check: object) -> None:
    assert callable(check)
    with pytest.raises(Invalid, match="the direction mark"):
        check("a\u202eb")


def test_space_around_a_name_is_not_part_of_it() -> None:
    assert check_name("  nightly\n") == "nightly"


def test_what_stands_in_a_ledger_is_shown_written_out() -> None:
    assert escape_invisible("photo\u202egpj.exe\n\x1b[31m") == "photo\\u202egpj.exe\\n\\x1b[31m"
    assert escape_directions("two\nlines\u202e") == "two\nlines\\u202e"


def test_a_name_that_is_too_long_says_how_long_it_is() -> None:
    with pytest.raises(Invalid, match="200 characters long, not 201"):
        check_one_line("x" * 201, "A name", 200)
