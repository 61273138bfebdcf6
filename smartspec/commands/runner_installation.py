"""A runner that stays: installed to start at login, removed again, and looked at."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from smartspec.commands import login_items, process_identity, program, runners, user_services
from smartspec.commands.login_items import LoginItem
from smartspec.domain.login_item.names import check_words
from smartspec.domain.runner_installation import RunnerInstallation
from smartspec.errors import Invalid, RunError
from smartspec.messages import Message, _
from smartspec.store import database
from smartspec.store.database import sidecars
from smartspec.value import frozen

INSTALLED = "--installed"  # of the command `runner`: it stays as long as this holds
_SECONDS = 60


@frozen
class Installed:
    """`is_new`: something was written. `why` is why a better kind was not taken; empty: it was the best.

    `is_started`: the system has been told to start it now, too.
    """

    is_new: bool
    why: str
    is_started: bool


def install_runner(ledger: Path, *, linger: bool = False) -> Installed:
    """Let a runner start at login: by a service of this user where those are, else as the desktop starts programs.

    With `linger` also without a login. What could not be put into force is not left behind. Raises Invalid for a path
    that cannot be named there, RunError.
    """
    file = sidecars.resolve_path(ledger)
    argv = program.command_line(file, ["runner", INSTALLED])
    check_words(argv)
    chosen, why = _choose(file)
    if linger and chosen.kind != "systemd":
        raise RunError(_("Only a user service of systemd runs without a login: {why}.", why=why or chosen.kind))
    text = chosen.compose(argv, str(file))
    _check_starts(argv)
    is_new = _put(chosen, text)
    for each in login_items.of_ledger(file):
        if each.kind != chosen.kind:
            each.remove()
    if linger:
        _let_linger()
    return Installed(is_new, why, chosen.starts_now)


def uninstall_runner(ledger: Path) -> tuple[str, ...]:
    """Let none start at login any more: where it stood. One that serves ends when it has nothing to do and no schedule
    is active.

    Raises RunError.
    """
    found = [each for each in login_items.of_ledger(sidecars.resolve_path(ledger)) if each.text() is not None]
    for each in found:
        each.remove()
    return tuple(each.place for each in found)


def while_installed(ledger: Path) -> Callable[[], bool]:
    """Whether one is still to start at login, to be asked again and again by the one that stays."""
    items = login_items.of_ledger(sidecars.resolve_path(ledger))
    return lambda: any(each.is_there() for each in items)


def look_at_runner(ledger: Path) -> RunnerInstallation:
    """What is installed for a ledger and whether it works; which process serves is looked up where that is open.

    Raises RunError.
    """
    file = sidecars.resolve_path(ledger)
    own = login_items.of_ledger(file)
    others = tuple(each.place for each in login_items.all_items() if each.place not in {mine.place for mine in own})
    serves = _serving() if database.is_open() else None
    for each in own:
        if (text := each.text()) is not None:
            command = each.form.parse(text)
            lingers = each.kind == "systemd" and user_services.is_lingering()
            problems = tuple(_problems(each, text, command, file))
            return RunnerInstallation(str(file), each.kind, each.place, command, problems, lingers, serves, others)
    return RunnerInstallation(str(file), serves=serves, others=others)


def _serving() -> int | None:
    found = (each for each in runners.list_runners() if each.kind == "background" and process_identity.is_alive(each))
    return next((each.pid for each in found), None)


def _problems(item: LoginItem, text: str, command: tuple[str, ...], file: Path) -> Iterator[Message]:
    """What keeps it from starting a runner of this ledger, each with the way out."""
    again = "smartspec runner install"
    if command and shutil.which(command[0]) is None:
        yield _("It points at {program}, which is gone; `{command}` writes it anew.", program=command[0], command=again)
    elif text != _wanted(item, file):
        yield _("It is not what would be written today; `{command}` writes it anew.", command=again)
    if item.kind == "systemd":
        yield from _service_problems(item.file.name, again)


def _wanted(item: LoginItem, file: Path) -> str | None:
    try:
        return item.compose(program.command_line(file, ["runner", INSTALLED]), str(file))
    except Invalid:
        return None


def _service_problems(name: str, again: str) -> Iterator[Message]:
    try:
        state = user_services.state(name)
    except RunError as error:
        yield _("Whether the service runs is not known: {why}.", why=error.sentence)
        return
    if not state.is_enabled:
        yield _("The service is switched off; `{command}` switches it on.", command=again)
    if state.active in ("failed", "activating"):  # what is started anew again and again is activating meanwhile
        yield _("The service failed; `{command}` tells why.", command=f"journalctl --user -u {name}")


def _choose(file: Path) -> tuple[LoginItem, str]:
    """The best that can be had, and why none of the better ones. Raises RunError."""
    passed_over = ""
    for each in login_items.of_ledger(file):
        why = each.why_not()
        if not why:
            return each, passed_over
        if each.is_there():
            raise RunError(_("{place} is there, and cannot be put into force here: {why}.", place=each.place, why=why))
        passed_over = why
    raise RunError(_("Nothing here starts a program at login: {why}.", why=passed_over))


def _check_starts(argv: Sequence[str]) -> None:
    """Raises RunError where it would not: what is set for this shell alone is not set at login."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LD_", "DYLD_"))}
    command = [*argv[: argv.index("--db")], "--version"]
    try:
        done = subprocess.run(
            command, env=bare, cwd=Path(os.sep).resolve(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RunError(_("At login {program} would not start: {why}.", program=argv[0], why=error)) from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [_("exit code {code}", code=done.returncode)])[-1]
        raise RunError(_("At login {program} would not start: {why}.", program=argv[0], why=said.rstrip(".")))


def _let_linger() -> None:
    try:
        user_services.enable_lingering()
    except RunError as error:
        raise RunError(_("It is installed, but ends when you log out: {why}.", why=error.sentence)) from error


def _put(item: LoginItem, text: str) -> bool:
    """Whether something was written. Raises RunError, with everything as it was."""
    before = item.text()
    if before != text:
        item.write(text)
    try:
        item.begin()
    except RunError as error:
        if before is None:
            item.remove()
        elif before != text:
            item.write(before)
        raise RunError(_("{place} cannot be put into force: {why}.", place=item.place, why=error.sentence)) from error
    return before != text
