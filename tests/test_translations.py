"""The catalogues hold what the code says, and say it with the same values."""

from __future__ import annotations

import re
import subprocess
import sys
from gettext import GNUTranslations
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from smartspec import languages
from smartspec.cli.help import translate_help
from smartspec.formatting import format_age, format_duration, format_moment
from smartspec.messages import _n, tr, translate
from smartspec.vocabulary import STATUS_WORDS
from tests.conftest import ROOT

FOLDER = ROOT / "resources" / "translations"
TRANSLATED = sorted(set(languages.LANGUAGES) - {languages.ENGLISH})
_PLACE = re.compile(r"\{[a-z0-9_]*\}")


def texts(language: str) -> list[Message]:
    with (FOLDER / f"{language}.po").open("rb") as stream:
        return [each for each in read_po(stream) if each.id]


def several(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def test_they_are_as_the_code_makes_them() -> None:
    command = [sys.executable, str(ROOT / "packaging" / "translations.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_texts_are_taken_from_calls_inside_of_f_strings_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "packaging")
    texts_of = import_module("translations").texts_of
    code = b"""show(f"{done} {tr('a text')}", trn("{n} row", "{n} rows", 3), trp("on a button", "Open"), tr(TEXT))"""
    wanted = [("a text", None), (("{n} row", "{n} rows"), None), ("Open", "on a button")]
    assert sorted(texts_of(code, is_of_terminal=False), key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_has_the_places_of_its_text(language: str) -> None:
    for each in texts(language):
        wanted = {place for text in several(each.id) for place in _PLACE.findall(text)}
        for text in filter(None, several(each.string)):
            assert set(_PLACE.findall(text)) == wanted, each.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_menu_keeps_a_key(language: str) -> None:
    for each in texts(language):
        for text in filter(None, several(each.string)):
            keys = [each.replace("&&", "").count("&") for each in (text, several(each.id)[0])]  # && is no key, but an &
            assert keys[0] == keys[1], each.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_not_translated_has_the_plurals_of_english(language: str) -> None:
    with (FOLDER / f"{language}.mo").open("rb") as stream:
        catalogue = GNUTranslations(stream)
    for each in texts(language):
        if isinstance(each.id, tuple) and not each.context:
            one, many = each.id
            assert catalogue.ngettext(one, many, 3) == (several(each.string)[-1] or many)


def test_chinese_is_spoken() -> None:
    from datetime import UTC, datetime, timedelta

    languages.use("zh_CN")
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert tr("Settings") == "设置"
    assert translate(STATUS_WORDS["completed"]) == "成功"
    assert translate(format_duration(200_000)) == "3 分 20 秒"
    assert translate(format_age(now - timedelta(minutes=12), now)) == "12 分钟前"
    assert translate(format_moment(datetime(2026, 11, 20, 12).astimezone())) == "2026年11月20日 周五 12:00:00"


def test_a_language_has_its_own_plurals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalog(locale="zh_CN")
    catalogue.add(("{n} workflow", "{n} workflows"), ("{n} 个工作流",))
    (tmp_path / "translations").mkdir()
    with (tmp_path / "translations" / "zh_CN.mo").open("wb") as stream:
        write_mo(stream, catalogue)
    monkeypatch.setattr("smartspec.paths.resources", lambda: tmp_path)
    languages.use("zh_CN")
    assert translate(_n("{n} workflow", "{n} workflows", 1_200)) == "1,200 个工作流"
    assert translate(_n("{n} workflow", "{n} workflows", 1)) == "1 个工作流"


def test_an_unknown_text_stays_english() -> None:
    languages.use("zh_CN")
    assert tr("There is no such text in {place}.", place="here") == "There is no such text in here."


def test_help_is_taken_apart_as_it_is_shown() -> None:
    heard: list[str] = []

    def shout(text: str) -> str:
        heard.append(text)
        return text.upper()

    text = "One\ntwo.\n\n\b\nExamples:\n  smartspec list\n\nThree."
    assert translate_help(text, shout) == "ONE TWO.\n\n\b\nEXAMPLES:\n  smartspec list\n\nTHREE."
    assert heard == ["One two.", "Examples:", "Three."]


def test_the_terminal_speaks_the_language_that_is_set(smartspec: object, tmp_path: Path) -> None:
    assert callable(smartspec)
    said = smartspec("settings", "--help", SMARTSPEC_LANG="zh_CN.UTF-8")
    assert "应用" in said.out
    assert smartspec("settings", "set", "language", "zh_CN", SMARTSPEC_LANG="").code == 0
    assert "没有" in smartspec("settings", "get", "nothing", SMARTSPEC_LANG="", LANG="C").err
    assert "There is no setting" in smartspec("settings", "get", "nothing", SMARTSPEC_LANG="en").err
