"""What every command of the terminal shares: the database, the workspace, how results are printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import click

from smartspec import languages, paths
from smartspec.cli.echo import echo_notice
from smartspec.domain.text import escape_undecodable
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import mutable

F = TypeVar("F", bound=Callable[..., object])


class Window(Protocol):
    """The window, as the terminal sees it: it is handed over by the program, and not there in the API."""

    def is_possible(self) -> bool: ...
    def show(self, database: Path, **wishes: object) -> int: ...
    def draw(self, database: Path, page: str, picture: Path, **wishes: object) -> None: ...


@mutable
class Session:
    """`json`: results are printed as JSON; `tells_of_a_run`: the exit code is that of what ran."""

    window: Window | None = None
    database: Path | None = None
    workspace: str = "default"
    json: bool = False
    tells_of_a_run: bool = False
    is_open: bool = False

    @property
    def file(self) -> Path:
        """The database that is asked for, open or not. Raises Invalid for what names no file."""
        file = self.database or paths.database_path()
        if not file.name:
            raise Invalid(_("The database {file} is no file; name one with --db or SMARTSPEC_DB.", file=file))
        return file

    def open(self, *, recover: bool = True, allow_damaged: bool = False) -> None:
        """Open the database once, and note what a gone runner left behind."""
        if not self.is_open:
            from smartspec.commands import (  # a third of the start, which --version and --help do without
                database,
                settings,
            )

            notices = database.open_database(self.file, allow_damaged=allow_damaged)
            self.is_open = True
            languages.use(languages.preferred(settings.saved_language()))
            for notice in notices:
                echo_notice(notice)
            if recover:
                from smartspec.runner import background

                background.check_gone_runners(self.file)

    def close(self) -> None:
        if self.is_open:
            from smartspec.commands import database

            database.close_database()
            self.is_open = False


def session(*, recover: bool = True) -> Session:
    """The session of the command that runs, with its database open."""
    current = click.get_current_context().find_root().obj
    assert isinstance(current, Session)
    current.open(recover=recover)
    return current


def closed_session() -> Session:
    """The session, without a database: for what needs none."""
    current = click.get_current_context().find_root().obj
    assert isinstance(current, Session)
    return current


def _keep(name: str) -> Callable[[click.Context, click.Parameter, object], None]:
    def keep(context: click.Context, __: click.Parameter, value: object) -> None:
        current = context.find_root().ensure_object(Session)
        if value not in (None, False):
            if isinstance(value, str):
                check_text(value, f"--{name}")
            setattr(current, name, value)

    return keep


def check_text(text: str, what: str) -> None:
    """Raises Invalid for bytes that are no text."""
    if not text.isascii() and escape_undecodable(text) != text:
        raise Invalid(_("{what} holds bytes that are not UTF-8: “{text}”.", what=what, text=escape_undecodable(text)))


def shared_options(function: F) -> F:
    """--db, --workspace and --json, wherever they are written."""
    options = (
        click.option(
            "--db", type=click.Path(path_type=Path, dir_okay=True), metavar="PATH", expose_value=False, is_eager=True,
            callback=_keep("database"), help="The database file (else SMARTSPEC_DB, else in the data folder).",
        ),
        click.option(
            "--workspace", metavar="NAME", envvar="SMARTSPEC_WORKSPACE", expose_value=False, is_eager=True,
            callback=_keep("workspace"), help="The workspace (else SMARTSPEC_WORKSPACE, else default).",
        ),
        click.option(
            "--json", is_flag=True, expose_value=False, is_eager=True, callback=_keep("json"),
            help="Print the result as JSON.",
        ),
    )  # fmt: skip
    for option in options:
        function = option(function)
    return function
