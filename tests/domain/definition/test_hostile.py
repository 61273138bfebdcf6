"""Definitions that are made to take for ever: each is checked, or refused with a sentence, in a bounded number of steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smartspec.domain.definition.completion import completions
from smartspec.domain.jsontext import Json
from smartspec.domain.text import did_you_mean

Problems = Callable[..., list[tuple[str, str]]]
TASKS = {"a": {"run": "true"}}


def with_params(x: dict[str, Any]) -> dict[str, Any]:
    return {"tasks": TASKS, "params": {"type": "object", "properties": {"x": x}}}


def test_defaults_that_take_long_to_validate_are_told(problems: Problems) -> None:
    """Each of ten thousand wrong entries would be told with three thousand alternatives."""
    choices = [{"a": number} for number in range(3_000)]
    found = problems(with_params({"items": {"enum": choices}, "default": [{"a": -1}] * 10_000}))
    assert [path for path, _ in found] == ["params"]
    assert (
        "Validating the defaults" in found[0][1] and "was ended; let the schema or the value hold less." in found[0][1]
    )


def test_of_many_wrong_defaults_some_are_told(problems: Problems) -> None:
    found = problems(with_params({"items": {"type": "integer"}, "default": ["x"] * 50_000}))
    assert 1 <= len(found) <= 100
    assert found[0] == (
        "params.properties.x.default[0]",
        'The default does not fit: it must be a whole number, not "x".',
    )


def test_of_many_errors_a_thousand_are_told(problems: Problems) -> None:
    """Each looks for a name that is like its own among five thousand."""
    env = {f"E{number}": f"{{{{ params.name{number} }}}}" for number in range(5_000)}
    properties: dict[str, Json] = {f"other{number}": {} for number in range(5_000)}
    found = problems(
        {"tasks": {"a": {"run": "true", "env": env}}, "params": {"type": "object", "properties": properties}}
    )
    assert len(found) == 1_001
    assert ("", "There may be more that is wrong: 1,000 errors are told at once.") in found


def test_no_error_hides_behind_warnings(problems: Problems) -> None:
    unquoted = {f"t{number}": {"run": "echo {{ today }}"} for number in range(1_500)}
    found = problems({"tasks": {**unquoted, "last": {"run": "{{ nothing }}"}}})
    assert [path for path, _ in found] == ["tasks.last.run"]


@pytest.mark.parametrize(
    "text",
    [
        "{%" * 300_000,
        "{{" * 200_000,
        "{{ a }}" * 50_000,
        "{{ '" + "\\" * 200_001 + " }}",
        "{{ " + "1_" * 100_000 + " }}",
    ],
)
def test_long_texts_are_read(problems: Problems, text: str) -> None:
    assert len(problems({"tasks": {"a": {"run": text}}})) <= 1


@pytest.mark.parametrize(
    "line", ["{{" * 100_000 + "}", "{{ " + "a." * 100_000 + "(", "{{" + "a" * 200_000 + " ", "- " * 100_000]
)
def test_long_lines_are_completed(line: str) -> None:
    text = f"tasks:\n  a:\n    run: {line}"
    assert isinstance(completions(text, len(text)).words, tuple)


def test_a_guess_is_made_among_some_words_of_some_length() -> None:
    assert did_you_mean("nmae", ["name"]) == "; did you mean “name”?"
    assert did_you_mean("x" * 1_000_000, ["y" * 1_000_000] * 10) == "."
