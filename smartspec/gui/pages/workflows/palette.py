"""What the palette finds of workflows: by name and ref."""

from __future__ import annotations

from functools import partial

from smartspec.commands import workflows
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.gui.contract import PaletteEntry, PaletteQuery
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.workflows.run_start import StartedCurrent, start_current
from smartspec.messages import tr

_MOST = 8


def find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    """Nothing where executions are meant."""
    if query.text.startswith("#"):
        return []
    name = query.words[0] if query.words else None
    page = workflows.list_workflows(WorkflowFilter(name=name), limit=200, workspace=context.workspace)
    fitting = [each for each in page.rows if query.fits(f"{each.name} {each.ref}")]
    return [_entry(context, each) for each in fitting[:_MOST]]


def _entry(context: AppContext, workflow: Workflow) -> PaletteEntry:
    go = partial(context.navigator.go, Location("workflows", workflow.id))
    return PaletteEntry(
        workflow.name, "tree-structure", more=workflow.ref, do=go, run=partial(_run, context, workflow.id)
    )


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
