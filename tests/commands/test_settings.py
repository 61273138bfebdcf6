"""What a user chooses for the application."""

from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import settings
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES


def test_a_setting_has_its_default_until_it_is_set(db: Path) -> None:
    assert settings.get_setting("runner.resume") is True
    assert settings.set_setting("runner.resume", False) is False
    assert settings.list_settings()["runner.resume"] is False
    assert settings.set_setting("runner.resume", None) is True


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("nope", 1, "no setting “nope”"), ("runner.at_once", "x", "is a whole number"), ("runner.at_once", True, "is a whole number"),
     ("runner.at_once", 0, "whole number from 1 to 1,000, not 0"), ("runner.at_once", 10**12, "to 1,000"), ("alerts.failure_rate_percent", 101, "from 1 to 100"), ("runner.resume", 1, "is true or false"), ("runner.python", 5, "is text"),
     ("runner.at_onc", 1, "did you mean")],
)  # fmt: skip
def test_a_choice_that_does_not_fit_is_refused(db: Path, key: str, value: Json, words: str) -> None:
    with pytest.raises(errors.Invalid, match=words):
        settings.set_setting(key, value)


def test_every_number_among_the_settings_has_a_range_and_its_default_is_in_it() -> None:
    for key, spec in settings.SETTINGS.items():
        if spec.kind is int:
            assert isinstance(spec.default, int) and spec.default in RANGES[key]
