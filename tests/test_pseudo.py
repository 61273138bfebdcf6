"""The language of the tests: it changes every letter that is the program's, and what stayed is found."""

from __future__ import annotations

import pytest

from smartspec.formatting import format_duration
from smartspec.messages import _, _n, _p, listed, tr, translate
from tests.pseudo import untranslated


def test_every_letter_is_another_one_but_those_of_values(pseudo: None) -> None:
    assert tr("“{name}” is taken.", name="nightly") == "“nightly” íś ťáķéń."
    assert translate(_p("the button", "&Open…")) == "&Őƥéń…"
    assert translate(_n("{n} task", "{n} tasks", 3)) == "3 ťáśķś"
    assert tr("<b>Save</b> &amp; close") == "<b>Śáṽé</b> &amp; ćĺőśé"
    assert translate(format_duration(200_000)) == "3 ɱ 20 ś"


def test_what_was_translated_leaves_no_plain_letter(pseudo: None) -> None:
    made = _("{names} failed after {time}", names=listed(["build", _("others")]), time=format_duration(1_500))
    assert untranslated(translate(made), ["build"]) == []
    assert untranslated("SmartSpec  Ctrl+S  F5  1.5 KiB  Ctrl S") == []


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("Save", ["Save"]),
        ("“nightly” is táken", ["is", "t", "ken"]),
        ("nightly2x", ["nightly", "x"]),
        ("F5 key", ["key"]),
    ],
)
def test_negative_control_what_was_not_is_found(shown: str, found: list[str]) -> None:
    assert untranslated(shown, ["“nightly”"]) == found


def test_negative_control_english_is_found_all_over() -> None:
    made = _("{name} failed", name=_("it"))
    assert untranslated(translate(made)) == ["it", "failed"]
