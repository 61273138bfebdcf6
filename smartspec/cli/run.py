"""`run`, `demo` and the verbs that make something run on: resume, rerun, again, runner."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from smartspec import logs, paths
from smartspec.cli.follow import Follower, farewell
from smartspec.cli.options import EXIT_CODES, WHICH, WORKFLOW, command
from smartspec.cli.output import execution_record, show
from smartspec.cli.session import Session, session
from smartspec.commands import database, executions, files, starting, steering, versions, workspaces
from smartspec.commands.runs import close_connection
from smartspec.commands.starting import Origin
from smartspec.domain.execution import Execution, Trigger
from smartspec.domain.jsontext import Json, load
from smartspec.domain.params import read_parameter
from smartspec.errors import Conflict, Invalid, NotFound, SmartSpecError
from smartspec.runner import background
from smartspec.runner.runner import Runner

_FILE_ENDINGS = (".yaml", ".yml", ".json")


@command("run")
@click.argument("ref", metavar="REF|FILE", type=WORKFLOW)
@click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter, read by its declared type.")
@click.option("--input", "input_", metavar="JSON|@FILE", help="The whole input as a JSON object.")
@click.option("--version", metavar="VERSION", help="Another version than the current one: a label or a number.")
@click.option("--detach", is_flag=True, help="Hand it to a background runner and return at once.")
@click.option("--priority", type=int, help="Higher ones start first.")
@click.option("--session", "session_id", metavar="TEXT", help="A session to find it by.")
@click.option("--user", "user_name", metavar="TEXT", help="A user to find it by.")
@click.option("--correlation-id", metavar="TEXT", help="An id of yours to find it by.")
def run_command(
    ref: str, parameters: tuple[str, ...], input_: str | None, version: str | None, detach: bool, **known_by: Any
) -> None:
    """Run a workflow, or a workflow file (which is imported first), and show what it does.

    Ctrl-C cancels; a second Ctrl-C ends the handlers too. The exit code is 0 completed, 10 failed, 11 timeout,
    12 paused, 130 cancelled.

    \b
    Examples:
      smartspec run nightly-report -p day=2026-11-20
      smartspec run ./backup.yaml --input '{"target": "/mnt/nas"}'
      smartspec run reports.nightly-report --detach
    """
    here = session()
    if ref.lower().endswith(_FILE_ENDINGS):
        source = files.read_source(Path(ref))
        ref = files.import_workflows([source], workspace=here.workspace)[0].workflow.id
    given = _given(ref, parameters, input_, version, here.workspace)

    def start(runner: int | None) -> Execution:
        origin = Origin(Trigger.CLI, runner=runner, **known_by)
        return starting.start_execution(ref, given, version=version, origin=origin, workspace=here.workspace)

    if detach:
        _hand_over(start(None))
    else:
        _exit_as(run_here(here, start))


def _given(
    ref: str, parameters: tuple[str, ...], input_: str | None, version: str | None, workspace: str
) -> dict[str, Json]:
    """The input: the object of --input, then each -p. Raises Invalid."""
    given = read_json(input_, "--input") if input_ else {}
    if not isinstance(given, dict):
        raise Invalid("--input must be a JSON object: the parameters by name.")
    if parameters:
        chosen = versions.get_version(ref, version, workspace) if version else versions.latest_version(ref, workspace)
        for parameter in parameters:
            key, equals, value = parameter.partition("=")
            if not equals:
                raise Invalid(f"-p {parameter}: write KEY=VALUE.")
            given[key] = read_parameter(key, value, chosen.param_schema)
    return given


def read_json(text: str, what: str) -> Json:
    """JSON given as an argument, or in a file after @ (@- is standard input). Raises Invalid or NotFound."""
    if text == "@-":
        return load(sys.stdin.read(), what)
    if text.startswith("@"):
        try:
            return load(Path(text[1:]).read_text(encoding="utf-8-sig"), text[1:])
        except (OSError, UnicodeDecodeError) as error:
            raise NotFound(f"{text[1:]} cannot be read: {error}.") from error
    return load(text, what)


def _hand_over(execution: Execution) -> None:
    background.ensure(database.database_path())
    show(execution, f"{execution.label} is queued: {execution.id}\nFollow it: smartspec logs -f {execution.id[:18]}")


def run_here(here: Session, start: Callable[[int], Execution]) -> Execution:
    """Run an execution in this process and show it; the answer is how it stands in the end."""
    runner = Runner("foreground")
    interrupts = _Interrupts(runner)
    with interrupts:
        try:
            execution = start(runner.runner)
        except SmartSpecError:
            runner.run_until(lambda: True)  # it goes as it came
            raise
        interrupts.aim_at(execution)
        return _followed(here, runner, execution)


def _followed(here: Session, runner: Runner, execution: Execution) -> Execution:
    """The runner works on a thread, this one shows what it does."""
    over = threading.Event()
    follower = Follower(execution, quiet=here.json)

    def serve() -> None:
        try:
            runner.run_until(lambda: runner.is_idle)
        finally:
            over.set()
            follower.wake()

    runner.want(execution.pk)
    thread = threading.Thread(target=serve, name="runner")
    thread.start()
    ended = follower.until_over(over, runner)
    thread.join()
    return executions.get_execution(ended.id)


class _Interrupts:
    """Ctrl-C and other polite signals cancel the execution; the third one leaves everything as it is."""

    def __init__(self, runner: Runner) -> None:
        self._execution: Execution | None = None
        self._runner = runner
        self._count = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)

    def aim_at(self, execution: Execution) -> None:
        """This is what is to be cancelled; at once, when that was asked for while it was being made."""
        self._execution = execution
        if self._count:
            self._cancel()

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, *_: object) -> None:
        self._count += 1
        if self._count > 2:
            self._runner.stop()
            return
        if self._execution is None:
            return
        # not here: the main thread may be inside a transaction
        threading.Thread(target=self._cancel_elsewhere, daemon=True).start()

    def _cancel_elsewhere(self) -> None:
        self._cancel()
        close_connection()

    def _cancel(self) -> None:
        if self._execution is not None:
            with suppress(SmartSpecError):
                steering.cancel_execution(self._execution.id)


def _exit_as(execution: Execution) -> None:
    if execution.status == "paused":
        show(execution, f"{execution.label} is paused; go on with: smartspec resume {execution.id[:18]}")
    elif execution.status == "interrupted":
        show(execution, f"{execution.label} was left as it is; go on with: smartspec resume {execution.id[:18]}")
    else:
        show(execution, farewell(execution))
    sys.exit(EXIT_CODES[execution.status])


def _go_on(execution: Execution, detach: bool) -> None:
    """What was queued again runs here, or in the background."""
    if detach or execution.status != "pending":
        if execution.status == "pending":
            background.ensure(database.database_path())
        show(execution, f"{execution.label} goes on: {execution.id}")
        return
    here = session()
    _exit_as(run_here(here, lambda _: execution))


_detach = click.option("--detach", is_flag=True, help="Hand it to a background runner and return at once.")


@command("resume")
@WHICH
@_detach
def resume_command(which: str, detach: bool) -> None:
    """Go on with a paused or interrupted execution, where it was.

    \b
    Example:
      smartspec resume backup#42
    """
    _go_on(steering.resume_execution(which, session().workspace), detach)


@command("rerun")
@WHICH
@_detach
def rerun_command(which: str, detach: bool) -> None:
    """Run again what failed, and everything after it, in the same execution.

    \b
    Example:
      smartspec rerun backup#42
    """
    _go_on(steering.rerun_failed(which, session().workspace), detach)


@command("again")
@WHICH
@_detach
def again_command(which: str, detach: bool) -> None:
    """Run the same input as a new execution, with today's version and settings.

    \b
    Example:
      smartspec again backup#42
    """
    here = session()

    def start(runner: int | None) -> Execution:
        return steering.run_again(which, origin=Origin(Trigger.CLI, runner=runner), workspace=here.workspace)

    if detach:
        _hand_over(start(None))
    else:
        _exit_as(run_here(here, start))


@command("runner")
@click.option("--until-idle", is_flag=True, help="End when there has been nothing to do for a while.")
def runner_command(until_idle: bool) -> None:
    """Run what is queued, in this process, until Ctrl-C.

    \b
    Example:
      smartspec runner
    """
    session()
    if not until_idle and background.is_there():
        raise Conflict("A background runner serves this database already.")
    if not until_idle:
        click.echo(f"Running what is queued in {database.database_path()}; Ctrl-C ends this.", err=True)
    logs.keep(database.database_path().parent)
    background.serve(until_idle=until_idle)


@command("demo")
def demo_command() -> None:
    """Import the samples into the workspace `samples`, run one on this machine, and show its record.

    \b
    Example:
      smartspec demo
    """
    here = session()
    if not any(each.slug == "samples" for each in workspaces.list_workspaces()):
        workspaces.create_workspace("samples")
    here.workspace = "samples"
    folder = paths.resources() / "samples"
    sources = [files.read_source(file) for file in sorted(folder.glob("*.yaml"))]
    imported = files.import_workflows(sources, workspace="samples")
    click.echo(f"There is no window yet; the samples are in the workspace “samples” of {database.database_path()}:")
    for each in imported:
        click.echo(f"  {each.workflow.ref:24} {each.workflow.description}")
    looked_at = folder.parent.parent  # the checkout, or the installed package
    click.echo(f"\nRunning samples.folder-inventory on {looked_at}\n")
    given = {"folder": str(looked_at)}
    ended = run_here(
        here,
        lambda runner: starting.start_execution(
            "samples.folder-inventory", given, origin=Origin(Trigger.CLI, runner=runner), workspace="samples"
        ),
    )
    click.echo("\nIts record, which `smartspec --workspace samples execution folder-inventory` shows again:\n")
    show(ended, execution_record(ended, executions.list_task_executions(ended.id)))
    if ended.status != "completed":
        sys.exit(EXIT_CODES[ended.status])


COMMANDS = (run_command, resume_command, rerun_command, again_command, runner_command, demo_command)
