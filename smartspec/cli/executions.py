"""`history`, `execution`, `tasks` and words about an execution."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from smartspec.cli.echo import echo, echo_as_it_is
from smartspec.cli.options import DURATION, EXECUTION, MOMENT, WHICH, WORKFLOW, command
from smartspec.cli.output import (
    execution_record,
    executions_table,
    moment,
    sessions_table,
    show,
    show_next_page,
    table,
    tasks_table,
)  # fmt: skip
from smartspec.cli.session import session
from smartspec.commands import execution_logs, execution_trash, executions, exporting, sessions, workflows
from smartspec.commands.actor import user
from smartspec.commands.result_json import to_json
from smartspec.domain.engine.states import execution_status
from smartspec.domain.execution import TaskExecution, Trigger
from smartspec.domain.reasons import headline
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import WorkflowNotFound
from smartspec.formatting import format_number
from smartspec.messages import N_, _, tr, translate
from smartspec.value import replace

_DONE = {"delete": N_("{ref} is in the trash."), "restore": N_("{ref} is back."), "purge": N_("{ref} is gone.")}


@command("history")
@click.argument("search", metavar="[SEARCH]…", nargs=-1, type=WORKFLOW)
@click.option("--status", "words", metavar="WORDS", help="One or several, with commas: failed,timeout.")
@click.option(
    "--trigger", type=click.Choice([each.value for each in Trigger], case_sensitive=False), help="How it was started."
)
@click.option("--user", "user_name", metavar="TEXT")
@click.option("--session", "session_id", metavar="TEXT")
@click.option("--correlation-id", metavar="TEXT")
@click.option("--since", type=MOMENT, metavar="TIME", help="2026-11-20, today, or an age as 7d.")
@click.option("--until", type=MOMENT, metavar="TIME", help="Before this time.")
@click.option("--longer", "longer_ms", type=DURATION, metavar="DURATION", help="Took at least this long.")
@click.option("--shorter", "shorter_ms", type=DURATION, metavar="DURATION", help="Took at most this long.")
@click.option("--tag", metavar="TAG", help="Of workflows with this tag.")
@click.option("--pinned", is_flag=True, default=None, help="Only pinned ones.")
@click.option("--text", metavar="TEXT", help="With these words, as they stand.")
@click.option("--trash", "deleted", is_flag=True, help="What lies in the trash.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", metavar="KEY", help="Where the page before ended.")
@click.option("--sessions", "by_session", is_flag=True, help="The sessions instead, the last used first.")
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="How it is written (table)."
)
def history_command(
    search: tuple[str, ...], words: str | None, text: str | None, limit: int, after: str | None, only_count: bool,
    form: str, by_session: bool, **asked: Any,
) -> None:  # fmt: skip
    """What ran, newest first; every word and option narrows it further.

    SEARCH is words that occur in names, errors, notes, ids, inputs, outputs or last lines; in quotes, as they stand.
    The line in which they were found is shown at the right, else why an execution ended as it did.
    Among them may be status:failed,timeout  wf:nightly  trigger:cli  after:mon  before:2026-11-20  on:today
    dur:>5m  dur:1m..5m  tag:daily  user:ada  session:s1  correlation:c1  pinned:yes  trash:yes. A first word that is
    the ref of a workflow stands for wf:. Times are days (2026-11-20, today, mon), moments or ages (7d).

    \b
    Examples:
      smartspec history 'status:failed,timeout after:mon dur:>5m "disk full"'
      smartspec history nightly --longer 5m
      smartspec history --status failed --since 7d --json
      smartspec history nightly --limit 1000 --format csv > nightly.csv
      smartspec history --sessions
    """
    here = session()
    here.json |= form == "json"
    given = {name: value for name, value in asked.items() if value not in (None, False)}
    if by_session:
        _show_sessions(limit, after, narrowed=bool(search or words or text or given or only_count or form == "csv"))
        return
    wanted = _read(search, here.workspace)
    if words:
        given["status"] = frozenset(execution_status(word) for word in words.split(",") if word.strip())
    wanted = replace(wanted, **given, phrases=wanted.phrases + ((text,) if text else ()))
    if only_count:
        number = executions.count_executions(wanted, exact=True, workspace=here.workspace)
        show({"count": number}, format_number(number))
        return
    page = executions.list_executions(wanted, after=after, limit=limit, workspace=here.workspace)
    if form == "csv" and not here.json:
        echo_as_it_is(exporting.as_csv(page.rows))
    else:
        why = [execution_logs.line_found(each, wanted) or translate(headline(each, user())) for each in page.rows]
        show(page.rows, executions_table(page.rows, tr("Nothing has run that is like this."), why))
    show_next_page(page.next)


def _show_sessions(limit: int, after: str | None, *, narrowed: bool) -> None:
    if narrowed:
        raise click.UsageError(_("--sessions lists all sessions; it goes with --limit, --after and --json only."))
    page = sessions.list_sessions(after, min(limit, 1_000), session().workspace)
    show(page.rows, sessions_table(page.rows))
    show_next_page(page.next)


def _read(search: tuple[str, ...], workspace: str) -> ExecutionFilter:
    """The words of a search; the first may be the ref of a workflow."""
    first, rest = (search[0], search[1:]) if search else ("", ())
    if first and not any(mark in first for mark in ' :"'):
        try:
            workflow = workflows.get_workflow(first, workspace)
            return replace(executions.read_query(_joined(rest), workspace), workflow=workflow.pk)
        except WorkflowNotFound:
            pass
    return executions.read_query(_joined(search), workspace)


def _joined(search: tuple[str, ...]) -> str:
    """A word that the shell kept together stays together, unless it is written in the language."""
    return " ".join(word if '"' in word or ":" in word or " " not in word else f'"{word}"' for word in search)


@command("execution")
@click.argument("which", metavar="ID", type=EXECUTION, nargs=-1, required=True)
def execution_command(which: tuple[str, ...]) -> None:
    """Everything about one execution: its tasks, times, input, output, and what failed.

    An execution is named by its id, the beginning of one, REF#42, or REF for the newest. `execution delete ID`,
    `execution restore ID` and `execution purge ID` put it into the trash, take it out, and remove it for good.

    \b
    Examples:
      smartspec execution backup#42
      smartspec execution backup
      smartspec execution delete backup#42
    """
    here = session()
    verbs: dict[str, Callable[[str, str], object]] = {
        "delete": execution_trash.delete_execution, "restore": execution_trash.restore_execution,
        "purge": execution_trash.purge_execution,
    }  # fmt: skip
    if len(which) == 2 and which[0] in verbs:
        label = executions.get_execution(which[1], here.workspace).label
        answer = verbs[which[0]](which[1], here.workspace)
        show(answer if answer is not None else {"purged": which[1]}, tr(_DONE[which[0]], ref=label))
        return
    if len(which) != 1:
        raise click.UsageError(_("Name one execution."))
    found = executions.get_execution(which[0], here.workspace)
    tasks = executions.list_task_executions(found.id)
    if here.json:
        show({**to_json(found), "tasks": to_json(tasks)})
    else:
        echo(execution_record(found, tasks))


@command("tasks")
@WHICH
@click.argument("task", required=False)
def tasks_command(which: str, task: str | None) -> None:
    """Every attempt of every task, or of one.

    \b
    Example:
      smartspec tasks backup#42 copy
    """
    rows = executions.list_task_executions(which, task, session().workspace)
    show(rows, tasks_table(rows))


@command("note")
@WHICH
@click.argument("text", required=False)
def note_command(which: str, text: str | None) -> None:
    """Write a note on an execution; without a text the note is removed.

    \b
    Example:
      smartspec note backup#42 "the night the NAS was off"
    """
    noted = executions.note_execution(which, text, session().workspace)
    show(noted, tr("Noted.") if text else tr("The note is gone."))


@command("pin")
@WHICH
@click.option("--off", is_flag=True, help="Unpin it.")
def pin_command(which: str, off: bool) -> None:
    """Keep an execution from every clean-up.

    \b
    Example:
      smartspec pin backup#42
    """
    execution = executions.pin_execution(which, not off, session().workspace)
    label = execution.label
    show(execution, tr("{ref} is no longer pinned.", ref=label) if off else tr("{ref} is pinned.", ref=label))


@command("waiting")
def waiting_command() -> None:
    """The attempts that wait for their next retry, the next one first.

    \b
    Example:
      smartspec waiting
    """
    session()
    _show_tasks(executions.pending_retries(), tr("Nothing waits for a retry."))


@command("timed-out")
def timed_out_command() -> None:
    """The attempts that ran out of time, newest first.

    \b
    Example:
      smartspec timed-out
    """
    session()
    _show_tasks(executions.timed_out_tasks(), tr("Nothing ran out of time."))


def _show_tasks(rows: Iterable[TaskExecution], empty: str) -> None:
    rows = tuple(rows)
    lines = (
        (executions.get_execution_by_key(each.execution).label, each.label, each.attempt,
         moment(each.next_retry_at or each.completed_at))
        for each in rows
    )  # fmt: skip
    show(rows, table((tr("EXECUTION"), tr("TASK"), tr("ATTEMPT"), tr("WHEN")), lines, empty))


COMMANDS = (
    history_command, execution_command, tasks_command, note_command, pin_command, waiting_command, timed_out_command,
)  # fmt: skip
