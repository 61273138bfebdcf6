"""A crontab as it is shown: its passwords so far that a person knows which ones they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from smartspec.importers.crontab import Crontab, CrontabJob
from smartspec.importers.crontab_secrets import secrets_in
from smartspec.messages import Message
from smartspec.value import replace

_LONG = 8  # characters: of such a password two are shown
_SHORT = 4  # of a shorter one none


def hint(password: str) -> str:
    """Its beginning, and nothing of its length."""
    shown = 0 if len(password) < _SHORT else 1 if len(password) < _LONG else 2
    return f"{password[:shown]}…"


def hidden(crontab: Crontab) -> Crontab:
    """The same without its passwords, also those of lines that make no job."""
    found = {each.value for job in crontab.jobs for each in job.secrets}
    found |= {each.value for line in crontab.skipped for each in secrets_in(line.text, {})}
    found |= {each.value for each in secrets_in("", crontab.variables)}
    hide = _hiding(found)
    return Crontab(
        tuple(_hidden_job(job, hide) for job in crontab.jobs),
        tuple(replace(line, text=hide(line.text), reason=hide(line.reason)) for line in crontab.skipped),
        {name: hide(value) for name, value in crontab.variables.items()},
    )


_Hide = Callable[[str], str]


def _hiding(passwords: Iterable[str]) -> _Hide:
    longest_first = sorted(filter(None, passwords), key=len, reverse=True)
    if not longest_first:
        return lambda text: text
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return lambda text: pattern.sub(lambda match: hint(match[0]), text)


def _hidden_job(job: CrontabJob, hide: _Hide) -> CrontabJob:
    return replace(
        job, text=hide(job.text), description=hide(job.description), run=hide(job.run), stdin=hide(job.stdin),
        variables={name: hide(value) for name, value in job.variables.items()},
        secrets=tuple(replace(each, value=hint(each.value)) for each in job.secrets),
        notes=_said(job.notes, hide), losses=_said(job.losses, hide), warnings=_said(job.warnings, hide),
        problem=hide(job.problem),
    )  # fmt: skip


def _said(messages: Iterable[Message], hide: _Hide) -> tuple[Message, ...]:
    return tuple(each if hide(str(each)) == str(each) else Message(hide(str(each))) for each in messages)
