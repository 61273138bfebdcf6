"""What a user chooses for the application."""

from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import settings
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES
from smartspec.domain.settings import GROUPS, SETTINGS, read, write


def test_a_setting_has_its_default_until_it_is_set(db: Path) -> None:
    assert settings.get_setting("runner.resume") is True
    assert settings.set_setting("runner.resume", False) is False
    assert settings.list_settings()["runner.resume"] is False
    assert settings.set_setting("runner.resume", None) is True


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("nope", 1, "no setting “nope”"), ("runner.at_once", "x", "is a whole number"), ("runner.at_once", True, "is a whole number"),
     ("runner.at_once", 0, "at least 1 execution, not 0 executions"), ("runner.at_once", 10**12, "at most 1,000 executions"), ("alerts.failure_rate_percent", 101, "at most 100 %, not 101 %"), ("runner.resume", 1, "is true or false"), ("runner.python", 5, "is text"), ("runner.python", "no-python-here", "no program"), ("runner.log_cap_bytes", 1, "at least 16 MiB, not 1 byte"), ("alerts.long_running_ms", 0, "at least 1 millisecond"),
     ("runner.at_onc", 1, "did you mean")],
)  # fmt: skip
def test_a_choice_that_does_not_fit_is_refused(db: Path, key: str, value: Json, words: str) -> None:
    with pytest.raises(errors.Invalid, match=words):
        settings.set_setting(key, value)


def test_every_number_among_the_settings_has_a_range_and_its_default_is_in_it() -> None:
    for key, spec in SETTINGS.items():
        if spec.kind is int:
            assert isinstance(spec.default, int) and spec.default in RANGES[key]


def test_what_is_shown_of_a_setting_can_be_typed() -> None:
    for spec in SETTINGS.values():
        if spec.kind is int:
            assert (
                read(spec, write(spec, spec.default).replace(" executions", "").replace(" messages", ""))
                == spec.default
            )


def test_every_setting_says_what_it_does_in_a_group_that_exists() -> None:
    for spec in SETTINGS.values():
        assert spec.title and spec.explanation and spec.group in GROUPS


def test_several_are_set_together_or_not_at_all(db: Path) -> None:
    assert settings.set_settings({"runner.at_once": 3, "runner.resume": False}) == {
        "runner.at_once": None, "runner.resume": None,
    }  # fmt: skip
    with pytest.raises(errors.Invalid, match="at least 1 execution"):
        settings.set_settings({"runner.resume": None, "runner.at_once": 0})
    assert (settings.get_setting("runner.at_once"), settings.get_setting("runner.resume")) == (3, False)


def test_the_environment_holds_over_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTSPEC_LANG", "en")
    assert SETTINGS["language"].overridden_by == "SMARTSPEC_LANG"
    monkeypatch.delenv("SMARTSPEC_LANG")
    assert SETTINGS["language"].overridden_by == ""
