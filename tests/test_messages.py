"""Texts keep their values until they are shown, in whatever language; everything else takes them as English."""

from __future__ import annotations

import copy
import json
import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartspec import languages, messages
from smartspec.errors import NotFound
from smartspec.messages import N_, Message, _, _n, _p, join, listed, pack, sentences, tr, translate, trn, trp, unpack


class Upper:
    """A language in which everything is said louder, places aside; two and more are few."""

    def gettext(self, message: str, /) -> str:
        context, end, text = message.rpartition("\x04")
        return (
            context
            + end
            + "".join(
                part if part.startswith("{") else part.upper()
                for part in messages._PLACE.sub("\0{\\1}\0", text).split("\0")
            )
        )

    def ngettext(self, one: str, many: str, n: int, /) -> str:
        return self.gettext(one if n == 1 else f"few {many}")


@pytest.fixture
def loud() -> None:
    messages.use_catalogue(Upper())


def test_a_message_is_its_english(loud: None) -> None:
    made = _("“{name}” is taken.", name="a")
    assert made == "“a” is taken." and f"{made}" == str(made) == "“a” is taken."
    assert json.dumps({"error": made}, ensure_ascii=False) == '{"error": "“a” is taken."}'
    assert sqlite3.connect(":memory:").execute("SELECT ?", (made,)).fetchone() == ("“a” is taken.",)
    assert str(NotFound(made)) == "“a” is taken."


def test_it_is_shown_in_the_language_that_is_spoken_then(loud: None) -> None:
    made = _("“{name}” is taken.", name="a")
    assert translate(made) == "“a” IS TAKEN."
    messages.use_catalogue(None)
    assert translate(made) == "“a” is taken."


def test_values_may_be_messages(loud: None) -> None:
    made = _("it {what}", what=_n("has {n} {thing}", "has {n} {thing}s", 1_200, thing=_("error")))
    assert made == "it has 1,200 errors"
    assert translate(made) == "IT FEW HAS 1,200 ERRORS"


def test_an_error_as_a_value_keeps_its_message(loud: None) -> None:
    assert translate(_("no: {why}", why=NotFound(_("it is gone")))) == "NO: IT IS GONE"
    assert translate(_("no: {why}", why=OSError("full"))) == "NO: full"


def test_what_is_no_message_stays(loud: None) -> None:
    assert translate("my workflow") == "my workflow"


def test_a_front_end_shows_at_once(loud: None) -> None:
    assert tr("{a} of {b}", a=_("one"), b=2) == "ONE OF 2"
    assert trn("{n} task", "{n} tasks", 1) == "1 TASK"
    assert trn("{n} task", "{n} tasks", 1_000) == "FEW 1,000 TASKS"
    assert trp("the button", "open") == "OPEN"
    assert translate(_p("the state", "open")) == "OPEN"
    assert tr(N_("later")) == "LATER"
    assert tr("") == ""


def test_texts_that_are_joined_keep_their_parts(loud: None) -> None:
    assert listed(["a", _("b"), "{separator}"]) == "a, b, {separator}"
    assert translate(listed(["a", _("b"), "{part0}"])) == "a, B, {part0}"
    assert translate(join(" and ", [_("x"), "y"])) == "X and y"
    assert translate(sentences([_("One."), _("Two.")])) == "ONE. TWO."
    assert listed([]) == ""


@pytest.mark.parametrize("made", [
    _("“{name}” is taken.", name="a"), _n("{n} task", "{n} tasks", 1), _n("{n} task", "{n} tasks", 2_000),
    _p("the button", "Open"), _("it {why}.", why=_("must be {a} or {b}", a=_("text"), b="{a}")), "a name", Message(""),
])  # fmt: skip
def test_a_text_goes_through_a_pipe(loud: None, made: str) -> None:
    again = unpack(json.loads(json.dumps(pack(made))))
    assert (again, translate(again), type(again)) == (made, translate(made), type(made))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])  # noqa: S301
def test_a_copy_is_as_good(loud: None, again: Callable[[Message], Message]) -> None:
    made = _("{n} of {inner}", n=3, inner=_n("{n} task", "{n} tasks", 2))
    other = again(made)
    assert type(other) is Message and other == made
    assert translate(other) == translate(made) == "3 OF FEW 2 TASKS"


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_a_value_is_never_a_template(one: str, two: str) -> None:
    assert _("<{one}|{two}>", one=one, two=two) == f"<{one}|{two}>"
    assert tr("<{one}|{two}>", one=one, two=two) == f"<{one}|{two}>"


@pytest.mark.parametrize(
    "template", ["{}", "{0}", "{other}", "{name.__class__}", "{name[0]}", "{name!r}", "${{ x }}", "{"]
)
def test_what_names_no_value_stays_as_it_is(template: str) -> None:
    assert _(template, name="a") == template


@pytest.mark.parametrize(
    ("name", "language"),
    [("zh", "zh_CN"), ("zh_CN.UTF-8", "zh_CN"), ("zh-Hans", "zh_CN"), ("ZH_cn", "zh_CN"), ("zh_SG", "zh_CN"),
     ("zh_TW", "en"), ("zh-Hant-HK", "en"), ("C", "en"), ("de_DE", "en"), ("", "en"), ("zhx", "en")],
)  # fmt: skip
def test_the_name_of_a_locale_means_a_language(name: str, language: str) -> None:
    assert languages.known(name) == language


def test_the_variable_goes_before_the_setting_and_that_before_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "SMARTSPEC_LANG"):
        monkeypatch.delenv(name, raising=False)
    assert languages.preferred() == "zh_CN"
    assert languages.preferred("en") == "en"
    monkeypatch.setenv("LC_MESSAGES", "C")
    assert languages.preferred() == "en"
    assert languages.preferred("zh_CN") == "zh_CN"
    assert languages.preferred(system="zh-Hans-CN") == "zh_CN"
    monkeypatch.setenv("SMARTSPEC_LANG", "en")
    assert languages.preferred("zh_CN") == "en"


def test_a_catalogue_that_is_not_there_is_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("smartspec.paths.resources", lambda: tmp_path)
    languages.use("zh_CN")
    assert tr("Save") == "Save"
    assert languages.current() == "zh_CN"


def test_english_needs_no_gettext() -> None:
    import subprocess
    import sys

    program = "import sys; from smartspec.messages import tr; tr('a'); assert 'gettext' not in sys.modules, 'imported'"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
