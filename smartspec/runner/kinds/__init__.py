"""What the kinds of executors start: a function each, in a dict."""

from collections.abc import Callable

from smartspec.domain.definition.task import TaskKind
from smartspec.runner.kinds import command, python, shell
from smartspec.runner.kinds.start import Start

PROCESS_KINDS: dict[TaskKind, Callable[[Start], tuple[list[str], bytes | None]]] = {
    TaskKind.RUN: shell.prepare,
    TaskKind.COMMAND: command.prepare,
    TaskKind.PYTHON: python.prepare,
}
