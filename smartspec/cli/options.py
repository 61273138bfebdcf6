"""How a command of the terminal is declared, and the arguments that complete themselves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from smartspec.cli.help import in_language
from smartspec.cli.session import Session, check_text, shared_options
from smartspec.domain import times
from smartspec.domain.jsontext import Json, load
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import did_you_mean, escape_undecodable
from smartspec.errors import Invalid, NotFound, SmartSpecError, reason
from smartspec.messages import _, translate

F = TypeVar("F", bound=Callable[..., object])
EXIT_CODES = {
    "completed": 0, "failed": 10, "timeout": 11, "paused": 12, "interrupted": 12, "running": 12, "cancelled": 130,
}  # fmt: skip
FILE_ENDINGS = (".yaml", ".yml", ".json")  # of workflow files
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


def command(
    name: str, *, takes_bytes: bool = False, **settings: object
) -> Callable[[Callable[..., object]], click.Command]:
    """A command with the options that all of them have; `settings` are click's, of its context.

    `takes_bytes`: what it is given need not be text.
    """

    def declare(function: Callable[..., object]) -> click.Command:
        shared = shared_options(function)
        kind = click.Command if takes_bytes else Command
        return click.command(name, cls=kind, context_settings={**_SETTINGS, **settings})(shared)

    return declare


class Command(click.Command):
    """One that refuses what is no text, the names of files aside."""

    def invoke(self, ctx: click.Context) -> Any:
        for parameter in self.get_params(ctx):
            value = ctx.params.get(parameter.name or "")
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and not _names_a_file(text):
                    check_text(text, parameter.human_readable_name)
        return super().invoke(ctx)


def _names_a_file(text: str) -> bool:
    return text.startswith("@") or text.lower().endswith(FILE_ENDINGS)


class Group(click.Group):
    """Commands with a guess at what was meant, and with help in the language that is spoken."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        return found and in_language(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Raises UsageError for a name that no command has."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            guess = did_you_mean(name, self.list_commands(ctx), otherwise=".")
            raise click.UsageError(_("No such command “{name}”{guess}", name=name, guess=guess), ctx)
        return super().resolve_command(ctx, args)


class _Named(click.ParamType[str]):
    """An argument that completes from what is stored."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            here = ctx.find_root().ensure_object(Session)
            here.open()
            return [CompletionItem(each) for each in self._names(here.workspace) if each.startswith(incomplete)]
        except SmartSpecError:
            return []

    def _names(self, workspace: str) -> Iterable[str]:
        raise NotImplementedError


class _Workflow(_Named):
    name = "workflow"

    def _names(self, workspace: str) -> Iterable[str]:
        from smartspec.commands.workflows import list_workflows

        return [each.ref for each in list_workflows(limit=500, workspace=workspace).rows]


class _Execution(_Named):
    name = "execution"

    def _names(self, workspace: str) -> Iterable[str]:
        from smartspec.commands.executions import list_executions

        return [each.id for each in list_executions(limit=50, workspace=workspace).rows]


class _Moment(click.ParamType[datetime]):
    """A time, as `times.moment` reads it."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return times.parse_moment(value, times.now())
        except Invalid as error:
            self.fail(translate(error.sentence), param, ctx)


class _Duration(click.ParamType[int]):
    """A duration as 5m; milliseconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return times.parse_duration_ms(value)
        except Invalid as error:
            self.fail(translate(error.sentence), param, ctx)


WORKFLOW = _Workflow()
EXECUTION = _Execution()
MOMENT = _Moment()
DURATION = _Duration()
PRIORITY = click.IntRange(int(RANGES["priority"].smallest), int(RANGES["priority"].largest))
WHICH = click.argument("which", metavar="ID", type=EXECUTION)


def name_options(function: F) -> F:
    """--name and --move: what a file is that has the name of another one."""
    move = click.option("--move", is_flag=True, help="The workflow of that name lives where this file is from now on.")
    name = click.option("--name", metavar="NAME", help="What the file's workflow is called instead of what it says.")
    return move(name(function))


def read_json(text: str, what: str) -> Json:
    """JSON given as an argument, or in a file after @ (@- is standard input). Raises Invalid or NotFound."""
    if not text.startswith("@"):
        return load(text, what)
    named = _("standard input") if text == "@-" else escape_undecodable(text[1:] or text)
    try:
        data = sys.stdin.buffer.read() if text == "@-" else Path(text[1:]).read_bytes()
    except OSError as error:
        raise NotFound(_("{file} cannot be read: {why}.", file=named, why=reason(error))) from error
    try:
        return load(data.decode("utf-8-sig"), named)
    except UnicodeDecodeError as error:
        why = {"why": error.reason, "byte": error.start}
        raise Invalid(_("{file} is not UTF-8 text, as JSON is: {why} at byte {byte}.", file=named, **why)) from error
