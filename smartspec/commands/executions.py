"""Executions: found, listed, counted, looked into, noted and pinned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, find_workflow_by_name, get_workflow
from smartspec.domain import ids, times
from smartspec.domain.definition import model
from smartspec.domain.engine.states import PROBLEM, ExecutionStatus
from smartspec.domain.event import Event, EventType
from smartspec.domain.execution import Execution, TaskExecution, check_note
from smartspec.domain.ids import ExecutionPk, TaskExecutionPk, WorkflowPk
from smartspec.domain.page import Page
from smartspec.domain.search import query
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Conflict, ExecutionNotFound, Invalid, TaskNotFound
from smartspec.messages import _
from smartspec.store import events, executions, history, tasks, versions, workflows, workspaces
from smartspec.value import replace

E = ExecutionStatus
_COUNTED_EXACTLY = 10_000
_READ_EXACTLY = 1_000  # about 20 ms of a million (measured)


@command
def get_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """By id, an unambiguous beginning of one, `REF#42`, or `REF` for its newest. Raises ExecutionNotFound."""
    found = executions.by_id(which) or _by_number(which, workspace) or _by_prefix(which)
    if found is not None:
        return found
    if ids.is_id(which) or "#" in which or _looks_like_prefix(which):
        raise ExecutionNotFound(
            _("There is no execution “{which}”; `smartspec history` shows what there is.", which=which)
        )
    workflow = get_workflow(which, workspace)
    newest = history.page(ExecutionFilter(workflow=workflow.pk), limit=1).rows
    if not newest:
        raise ExecutionNotFound(
            _("“{name}” has not run yet; `smartspec run {ref}` starts it.", name=workflow.name, ref=workflow.ref)
        )
    return newest[0]


def get_execution_by_key(pk: ExecutionPk) -> Execution:
    """By its row key, as task executions name it."""
    return executions.get(pk)


def numbered_executions(
    number: int, limit: int, workspace: str = DEFAULT, words: Sequence[str] = ()
) -> tuple[Execution, ...]:
    """Those with this number, of the workflows changed last that hold all of the words in their name or ref."""
    fitting = [{*workflows.named(word)} for word in words]
    among = set[WorkflowPk].intersection(*fitting) if fitting else None
    return executions.numbered(workspaces.get(workspace).pk, number, limit, among)


def _by_number(which: str, workspace: str) -> Execution | None:
    ref, hash_, number = which.rpartition("#")
    if not hash_ or not number.isdecimal() or len(number) > 15:
        return None
    return executions.by_number(get_workflow(ref, workspace).pk, int(number))


def _looks_like_prefix(which: str) -> bool:
    return len(which) >= 4 and all(letter in "0123456789abcdef-" for letter in which)


def _by_prefix(which: str) -> Execution | None:
    if not _looks_like_prefix(which):
        return None
    found = executions.by_prefix(which)
    if len(found) > 1:
        raise Conflict(_("More than one execution's id begins with “{which}”; write more of it.", which=which))
    return found[0] if found else None


def read_query(text: str, workspace: str = DEFAULT, keys: Mapping[str, str] | None = None) -> ExecutionFilter:
    """What a search asks for, in the language of `domain.search.query`.

    `keys` are more of its filters, taken as they are. Raises Invalid, WorkflowNotFound.
    """
    asked = query.parse(text, times.now(), keys or {})
    if asked.workflow is None:
        return asked.filter
    workflow = find_workflow_by_name(asked.workflow, workspace) or get_workflow(asked.workflow, workspace)
    return replace(asked.filter, workflow=workflow.pk)


@command
def search_executions(
    text: str, *, after: str | None = None, limit: int = 50, workspace: str = DEFAULT
) -> Page[Execution]:
    """Newest first, by a search: `status:failed wf:backup after:mon dur:>5m "exact words"`."""
    return list_executions(read_query(text, workspace), after=after, limit=limit, workspace=workspace)


@command
def list_executions(
    wanted: ExecutionFilter | None = None, *, after: str | None = None, limit: int = 50, oldest_first: bool = False,
    in_steps: bool = False, workspace: str = DEFAULT,
) -> Page[Execution]:  # fmt: skip
    """The executions that a filter lets through, newest first unless the oldest are wanted first.

    With `in_steps` nobody waits for what no index serves: it is looked for among the next 100,000, and the page may be
    short, even empty, with a `next` where to go on. Raises Invalid for a `limit` below 1 or above 10,000.
    """
    if not 1 <= limit <= 10_000:
        raise Invalid(_("A page holds 1 to 10,000 executions."))
    read = history.step if in_steps else history.page
    return read(_here(wanted, workspace), after, limit, oldest_first=oldest_first)


def cursor_after(execution: Execution) -> str:
    """The cursor of the page that follows an execution."""
    return history.cursor_after(execution)


def is_after(execution: Execution, cursor: str, *, oldest_first: bool = False) -> bool:
    """Whether it stands behind the cursor of a page."""
    key, there = history.key_of(execution), history.parse_cursor(cursor)
    return key > there if oldest_first else key < there


def later_cursor(one: str | None, other: str | None, *, oldest_first: bool = False) -> str | None:
    """Of two cursors the one that is further down; None is the end of all."""
    if one is None or other is None:
        return None
    return (max if oldest_first else min)(one, other, key=history.parse_cursor)


def all_executions(wanted: ExecutionFilter | None = None, workspace: str = DEFAULT) -> Iterator[Execution]:
    """Newest first, read a thousand at a time."""
    after: str | None = None
    while True:
        page = history.page(_here(wanted, workspace), after, 1_000)
        yield from page.rows
        after = page.next
        if after is None:
            return


def newest_ids(wanted: ExecutionFilter | None, limit: int, workspace: str = DEFAULT) -> list[str]:
    """The ids of the newest that a filter lets through."""
    return history.newest_ids(_here(wanted, workspace), limit)


@command
def count_executions(wanted: ExecutionFilter | None = None, *, exact: bool = False, workspace: str = DEFAULT) -> int:
    """How many; without `exact` the counting stops one above `counted_exactly`."""
    asked = _here(wanted, workspace)
    return history.count(asked, None if exact else counted_exactly(asked) + 1)


def counted_exactly(wanted: ExecutionFilter | None = None) -> int:
    """How far is counted: to 10,000, and to 1,000 of a search whose hits have to be read to be told."""
    return _READ_EXACTLY if wanted is not None and history.has_to_read(wanted) else _COUNTED_EXACTLY


@command
def recent_executions(ref: str, limit: int = 10, workspace: str = DEFAULT) -> tuple[Execution, ...]:
    """The newest of a workflow."""
    return history.page(ExecutionFilter(workflow=get_workflow(ref, workspace).pk), limit=limit).rows


@command
def failed_executions(limit: int = 50, workspace: str = DEFAULT) -> tuple[Execution, ...]:
    """The newest that failed, timed out or were interrupted."""
    return history.page(_here(ExecutionFilter(status=PROBLEM), workspace), limit=limit).rows


def _here(wanted: ExecutionFilter | None, workspace: str) -> ExecutionFilter:
    return replace(wanted or ExecutionFilter(), workspace=workspaces.get(workspace).pk)


@command
def list_task_executions(which: str, task: str | None = None, workspace: str = DEFAULT) -> tuple[TaskExecution, ...]:
    """Every attempt, in the order they were written. Raises TaskNotFound for a task that the execution has not."""
    execution = get_execution(which, workspace)
    found = tasks.of_execution(execution.pk, task)
    if task is not None and not found:
        _check_task(execution, task)
    return found


def task_news(
    execution: Execution, after: TaskExecutionPk, open_: Collection[TaskExecutionPk]
) -> tuple[TaskExecution, ...]:
    """For whoever follows along: the attempts written after a key, and those of some keys as they are now."""
    return tasks.news(execution.pk, after, open_)


def _check_task(execution: Execution, task: str) -> None:
    definition = model.read(versions.get(execution.version).definition) if execution.version else None
    if definition is None or (
        task not in definition.tasks and task.removeprefix("handlers.") not in definition.handlers
    ):
        raise TaskNotFound(
            _(
                "{execution} has no task “{task}”; `smartspec tasks {name}` lists them.",
                execution=execution.label, task=task, name=execution.id[:13],
            )
        )  # fmt: skip


@command
def pending_retries(due_only: bool = False) -> tuple[TaskExecution, ...]:
    """What waits for another attempt, the next one first."""
    return tasks.pending_retries(times.now() if due_only else None)


@command
def timed_out_tasks(limit: int = 200) -> tuple[TaskExecution, ...]:
    """The attempts that took longer than they may, newest first."""
    return tasks.timed_out(limit)


@command
def list_events(which: str, *, after: str | None = None, limit: int = 200, workspace: str = DEFAULT) -> Page[Event]:
    """What happened to an execution, oldest first."""
    return events.page(execution=get_execution(which, workspace).pk, after=after, limit=limit)


@command
def child_executions(which: str, workspace: str = DEFAULT) -> tuple[Execution, ...]:
    """The sub-workflows that an execution started, oldest first."""
    return executions.children(get_execution(which, workspace).pk)


@command
def note_execution(which: str, note: str | None, workspace: str = DEFAULT) -> Execution:
    """Write a note beside an execution; None or an empty text removes the note."""
    execution = get_execution(which, workspace)
    note = check_note(note)
    return executions.change(execution, EventType.EXECUTION_NOTED, by=user(), message="note", note=note)


@command
def pin_execution(which: str, pinned: bool = True, workspace: str = DEFAULT) -> Execution:
    """A pinned execution is never cleaned up."""
    execution = get_execution(which, workspace)
    return executions.change(execution, EventType.EXECUTION_NOTED, by=user(), message="pin", pinned=pinned)
