"""What the palette finds of workflows: by name and ref."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from smartspec.commands import executions, workflows
from smartspec.domain import times
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.gui.contract import PaletteEntry, PaletteQuery
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.workflows.run_start import StartedCurrent, start_current
from smartspec.gui.style.formatting import ago
from smartspec.gui.style.status import execution_style
from smartspec.messages import tr
from smartspec.value import replace

_MOST, _MOST_RUNS = 8, 3
_LOOKED_AT = 500  # of those that the longest word is in, the newest


def find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    """Nothing where executions are meant."""
    if query.text.startswith("#"):
        return []
    now = times.now()
    return [_entry(context, each, now) for each in _fitting(context, query, query.words)[:_MOST]]


def find_runs(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    """“run” and a part of a name: those workflows, to be run at once."""
    verb = tr("Run").lower()
    if len(query.words) < 2 or query.text[:1] in "#>" or not verb.startswith(query.words[0]):
        return []
    now = times.now()
    return [_run_entry(context, each, now) for each in _fitting(context, query, query.words[1:])[:_MOST_RUNS]]


def _fitting(context: AppContext, query: PaletteQuery, words: tuple[str, ...]) -> list[Workflow]:
    """The longest word is looked for in the ledger, the others in what that finds."""
    wanted = WorkflowFilter(name=max(words, key=len, default=None))
    page = workflows.list_workflows(wanted, limit=_LOOKED_AT, workspace=context.workspace)
    narrowed = replace(query, words=words)
    return [each for each in page.rows if narrowed.fits(f"{each.name} {each.ref}")]


def _entry(context: AppContext, workflow: Workflow, now: datetime) -> PaletteEntry:
    go = partial(context.navigator.go, Location("workflows", workflow.id))
    return PaletteEntry(
        workflow.name, "tree-structure", more=workflow.ref, status=_status(context, workflow, now), do=go,
        run=partial(_run, context, workflow.id),
    )  # fmt: skip


def _run_entry(context: AppContext, workflow: Workflow, now: datetime) -> PaletteEntry:
    do = partial(_run, context, workflow.id)
    return PaletteEntry(
        tr("Run: {name}", name=workflow.name), "play-fill", "accent_text", workflow.ref,
        status=_status(context, workflow, now), do=do,
    )  # fmt: skip


def _status(context: AppContext, workflow: Workflow, now: datetime) -> tuple[str, str, str] | None:
    """How it went last, and when."""
    wanted = ExecutionFilter(workflow=workflow.pk)
    newest = executions.list_executions(wanted, limit=1, workspace=context.workspace).rows
    if not newest:
        return None
    shown = execution_style(newest[0])
    return shown.icon, shown.colour, f"{shown.word} · {ago(newest[0].created_at, now)}"


def _run(context: AppContext, id_: str) -> None:
    """What is on the screen as its page says; of any other one the current version, for its text is not to be seen."""
    location = context.navigator.location
    if location is not None and (location.page, location.key) == ("workflows", id_):
        context.actions.do("run")
        return
    context.navigator.go(Location("workflows", id_))
    command = partial(start_current, id_, context.workspace)
    context.start(context.navigator, command, partial(_tell, context))


def _tell(context: AppContext, started: StartedCurrent) -> None:
    execution = started.execution
    told = tr("Started {execution} (v{version})", execution=execution.label, version=execution.workflow_version or "")
    if started.has_draft:
        told = tr("Started {execution} (v{version}), not its draft", execution=execution.label,
                  version=execution.workflow_version or "")  # fmt: skip
    context.notifications.follow_runs([execution], told)
