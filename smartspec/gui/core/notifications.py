"""What the window tells without being asked: messages that stay, and toasts that offer Undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from smartspec.domain import times
from smartspec.domain.ids import ExecutionPk
from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.core.navigation import Location
from smartspec.messages import template_of, translate
from smartspec.value import field, frozen

if TYPE_CHECKING:
    from smartspec.domain.execution import Execution

_KEPT = 200


@frozen
class Message:
    """`level` is error, warning or info; `details` may have many lines; `action` names one that helps, `location` is
    what it is about.
    """

    level: str
    headline: str
    meaning: str = ""
    details: str = ""
    action: str = ""
    at: datetime = field(default_factory=times.now)
    location: Location | None = None


@frozen
class Toast:
    """What was done, and how to undo it. `subject` is the name in the text that it is about, `note` stands beside it,
    `meaning` below. `actions` are words and what they do.

    `about` is the id of an execution: the toast goes when that is opened. One that `stays` goes when it is closed;
    another after eight seconds, which it counts unless it `waits` for what is to take its place.
    """

    text: str
    undo: Callable[[], object] | None = None
    icon: str = "check"
    colour: str = ""
    subject: str = ""
    note: str = ""
    meaning: str = ""
    actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    about: str = ""
    stays: bool = False
    waits: bool = False


class Notifications(QObject):
    """`notified` carries a Message to be shown now, `kept` one that is not, `toasted` a Toast, `runs_started`
    the Executions that a person started here at once, and how to tell it, `run_stopped` one that was stopped here.
    """

    notified = Signal(object)
    kept = Signal(object)
    toasted = Signal(object)
    runs_started = Signal(object, str)
    run_stopped = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.messages: list[Message] = []
        self.followed: dict[ExecutionPk, Execution] = {}  # started here, and not ended when last looked at
        self.started_here: set[ExecutionPk] = set()

    def notify(self, message: Message) -> None:
        """Show a message until it is closed; it is kept under Tools, Messages."""
        self._append(message)
        self.notified.emit(message)

    def keep(self, message: Message) -> None:
        """Only under Tools, Messages: the bell at the top says that there is something new."""
        self._append(message)
        self.kept.emit(message)

    def _append(self, message: Message) -> None:
        self.messages = [*self.messages, message][-_KEPT:]

    def toast(self, text: str, undo: Callable[[], object] | None = None, icon: str = "check") -> None:
        self.toasted.emit(Toast(text, undo, icon))

    def show_toast(self, toast: Toast) -> None:
        self.toasted.emit(toast)

    def follow_runs(self, started: Sequence[Execution], told: str = "") -> None:
        """A person started them here: their start is told, as `told` where that is given, and their ends, wherever the
        window is then.
        """
        self._follow(started)
        self.runs_started.emit(tuple(started), told)

    def follow_end(self, stopped: Execution) -> None:
        """A person stopped it here, whoever started it: its end is told."""
        self._follow([stopped])
        self.run_stopped.emit(stopped)

    def _follow(self, executions: Sequence[Execution]) -> None:
        self.followed |= {each.pk: each for each in executions}
        self.started_here |= self.followed.keys()

    def notify_error(self, error: SmartSpecError) -> None:
        """What could not be done, as a message."""
        self.notify(of_error(error))


def of_error(error: SmartSpecError) -> Message:
    """The sentence; of several problems the first as the headline and all as details."""
    problems = error.problems if isinstance(error, Invalid) else ()
    said = problems[0].sentence if len(problems) > 1 else error.sentence
    sentence = translate(said)
    head, _, rest = sentence.partition("; ") if len(sentence) > 100 else (sentence, "", "")
    details = "\n".join(translate(each.as_line) for each in problems) if len(problems) > 1 else ""
    return Message("error", head if not rest else f"{head}.", _begun(rest, said), details)


def _begun(rest: str, said: str) -> str:
    """With a capital, as a sentence begins, unless it begins with a name."""
    _head, _, template = template_of(said).partition("; ")
    return rest if template.startswith("{") else rest[:1].upper() + rest[1:]
