"""A crontab taken over: a workflow and a paused schedule for each of its lines."""

from __future__ import annotations

from smartspec.commands.registry import command
from smartspec.commands.schedules import create_schedule, pause_schedule
from smartspec.commands.workflow_creation import create_workflow_from
from smartspec.commands.workflow_sources import Source
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.text import check_text
from smartspec.errors import Invalid
from smartspec.importers.crontab import Crontab, CrontabJob, parse_crontab
from smartspec.importers.crontab_hiding import hidden
from smartspec.importers.crontab_workflow import workflow_source
from smartspec.messages import _
from smartspec.store import database
from smartspec.value import frozen

_LARGEST = 1_000_000


@frozen
class ImportedJob:
    """What became of a line: `schedule` is the name of the schedule, None where the line has none. `secrets` are
    settings of the workflow that wait for their values."""

    line: int
    ref: str
    schedule: str | None
    secrets: tuple[str, ...]


@command
def preview_crontab(text: str, has_user: bool | None = None) -> Crontab:
    """What its lines would become; nothing is made. Of passwords in it only the beginning is told.

    `has_user`: commands stand behind the name of a user, as in /etc/crontab; None: where its head says so. Raises
    Invalid where there is no job in it.
    """
    return hidden(_parsed(text, has_user))


def _parsed(text: str, has_user: bool | None) -> Crontab:
    found = parse_crontab(check_text(text, "crontab", _LARGEST), has_user)
    if not found.jobs:
        raise Invalid(_("There is no job in this crontab."))
    return found


@command
def import_crontab(
    text: str, *, has_user: bool | None = None, keep_passwords: bool = False, pack: str = "cron",
    workspace: str = DEFAULT,
) -> tuple[ImportedJob, ...]:  # fmt: skip
    """All of its jobs or none. Their schedules are paused: cron's lines may still be on. The crontab stays as it is.

    Passwords in its lines are left out, and wait in settings, unless they are to be kept. Raises Invalid where there is
    no job in it, Conflict where the pack has a workflow of such a name already.
    """
    found = _parsed(text, has_user)
    with database.transaction():
        return tuple(_imported(job, keep_passwords, pack, workspace) for job in found.jobs)


def _imported(job: CrontabJob, keep_passwords: bool, pack: str, workspace: str) -> ImportedJob:
    source = Source(job.name, workflow_source(job, pack, keep_secrets=keep_passwords), "yaml")
    made = create_workflow_from(source, activate=True, workspace=workspace)
    secrets = () if keep_passwords else tuple(each.name for each in job.secrets)
    if not job.trigger_type:
        return ImportedJob(job.line, made.ref, None, secrets)
    schedule = create_schedule(
        made.ref, job.expression, trigger_type=TriggerType(job.trigger_type), workspace=workspace,
        name=job.name, timezone=job.timezone or None,
    )  # fmt: skip
    pause_schedule(schedule.id, workspace)
    return ImportedJob(job.line, made.ref, schedule.name, secrets)
