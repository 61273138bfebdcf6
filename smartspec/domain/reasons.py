"""Why an execution or a task ended as it did, in words: what is stored is a code, then a colon and details."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smartspec.messages import N_, Message, _

if TYPE_CHECKING:
    from smartspec.domain.execution import Execution

CANCELLED_BY = "user"  # alone: whoever started it
_CODES: dict[str, str] = {
    # skipped
    "if": N_("its condition was false"), "not_taken": N_("another way was taken"),
    "needs_skipped": N_("what it needs was skipped"), "needs_failed": N_("what it needs failed"),
    "fail_fast": N_("something else had failed before"),
    # failed
    "http": N_("there was no answer"), "start": N_("it could not be started"),
    "input": N_("its input does not fit"), "until": N_("what `until` waits for did not come"),
    "items": N_("one of its items failed"), "members": N_("one of its members failed"),
    "child": N_("its sub-workflow did not complete"), "rejected": N_("it was rejected"),
    "internal": N_("an error in SmartSpec"), "template": N_("a template failed"), "outputs": N_("its outputs failed"),
    "output": N_("its output could not be worked out"), "given_up": N_("it was given up"),
    "interrupted": N_("it was interrupted"), "deadlock": N_("what it would lock is locked by others"),
    # cancelled, completed
    "timeout": N_("the time limit of the execution was reached"), "parent": N_("cancelled with its parent"),
    "replaced": N_("its schedule started the next one"),
    "no_items": N_("there were no items"),
}  # fmt: skip
_WITH_NUMBER = {
    "exit": N_("exit code {detail}"), "signal": N_("signal {detail}"), "http": N_("HTTP {detail}"),
    "exception": N_("exception {detail}"),
}  # fmt: skip
_WITH_DETAIL = {
    "task": N_("{detail} failed"), "template": N_("the template of {detail} failed"),
    "outputs": N_("its output {detail} failed"),
}  # fmt: skip
_STORED_FAILURE = re.compile(r"Task “([^”]{1,200})” failed: (.*)", re.DOTALL)
_STORED_END = (
    (re.compile(r"The command ended with exit code (\d+)\."), N_("The command ended with exit code {detail}.")),
    (re.compile(r"The command was ended by the signal (\w+)\."), N_("The command was ended by the signal {detail}.")),
)


def reason_in_text(reason: str, started_by: str | None = None, me: str = "") -> str:
    """A reason within a sentence; one of another program's as it stands.

    `started_by` is who started what was cancelled, `me` who reads.
    """
    code, __, detail = (part.strip() for part in reason.partition(":"))
    if code == CANCELLED_BY:
        return _cancelled_by(detail or started_by or "", me)
    word, __, number = code.partition(" ")
    if number and word in _WITH_NUMBER:
        return _(_WITH_NUMBER[word], detail=number)
    if detail and code in _WITH_DETAIL:
        return _(_WITH_DETAIL[code], detail=detail)
    if detail in _CODES and code == "start":
        return _(_CODES[detail])
    return _(_CODES[code]) if code in _CODES else reason


def _cancelled_by(name: str, me: str) -> Message:
    if not name:
        return _("cancelled by hand")
    return _("cancelled by you") if name == me else _("cancelled by {name}", name=name)


def error_in_text(error: str) -> str:
    """A stored error as a headline: the task, and what is said of it; a nested one with each task on the way."""
    names: list[str] = []
    while found := _STORED_FAILURE.fullmatch(error):
        names.append(found[1])
        error = found[2]
    said: str = error
    for pattern, template in _STORED_END:
        if end := pattern.fullmatch(error):
            said = _(template, detail=end[1])
    return _("{task}: {error}", task=" › ".join(names), error=said) if names else said


def headline(execution: Execution, me: str = "") -> str:
    """What is said of how an execution ended, in one sentence; empty where that says nothing of its own.

    `me` is the name of who reads.
    """
    if execution.error:
        return error_in_text(execution.error)
    if execution.status_reason and execution.completed_at is not None:
        return reason_in_text(execution.status_reason, execution.triggered_by, me)
    return ""
