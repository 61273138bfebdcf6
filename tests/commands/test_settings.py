"""What a user chooses for the application."""

from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import settings


def test_a_setting_has_its_default_until_it_is_set(db: Path) -> None:
    assert settings.get_setting("runner.resume") is True
    assert settings.set_setting("runner.resume", False) is False
    assert settings.list_settings()["runner.resume"] is False
    assert settings.set_setting("runner.resume", None) is True


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("nope", 1, "no setting “nope”"), ("runner.at_once", "x", "is a whole number"), ("runner.at_once", True, "is a whole number"),
     ("runner.at_once", 0, "at least 1"), ("runner.resume", 1, "is true or false"), ("runner.python", 5, "is text"),
     ("runner.at_onc", 1, "did you mean")],
)  # fmt: skip
def test_a_choice_that_does_not_fit_is_refused(db: Path, key: str, value: object, words: str) -> None:
    with pytest.raises(errors.Invalid, match=words):
        settings.set_setting(key, value)
