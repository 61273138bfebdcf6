"""Why something ended as it did, in words."""

from __future__ import annotations

import pytest

from smartspec.domain.reasons import error_in_text, reason_in_text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("exit 3", "exit code 3"), ("signal SIGKILL", "signal SIGKILL"), ("http 404", "HTTP 404"),
        ("http", "there was no answer"), ("exception ValueError", "exception ValueError"), ("task: copy", "copy failed"),
        ("template: run", "the template of run failed"), ("template", "a template failed"),
        ("outputs: n", "its output n failed"), ("needs_failed", "what it needs failed"),
        ("parent", "cancelled with its parent"), ("no_items", "there were no items"),
        ("start: deadlock", "what it would lock is locked by others"), ("sun spots", "sun spots"),
    ],
)  # fmt: skip
def test_a_code_has_words(reason: str, words: str) -> None:
    assert reason_in_text(reason) == words


@pytest.mark.parametrize(
    ("reason", "started_by", "words"),
    [
        ("user", "ada", "cancelled by you"),
        ("user", "bob", "cancelled by bob"),
        ("user: ada", "bob", "cancelled by you"),
        ("user: bob", "ada", "cancelled by bob"),
        ("user", None, "cancelled by hand"),
    ],
)
def test_a_cancel_says_by_whom(reason: str, started_by: str | None, words: str) -> None:
    assert reason_in_text(reason, started_by, "ada") == words


def test_an_error_is_told_by_the_task_and_what_it_said() -> None:
    assert error_in_text("Task “a” failed: error: disk full (exit code 3)") == "a: error: disk full (exit code 3)"
    nested = "Task “a” failed: Task “b” failed: The command ended with exit code 3."
    assert error_in_text(nested) == "a › b: The command ended with exit code 3."
    assert error_in_text("The disk is full.") == "The disk is full."
