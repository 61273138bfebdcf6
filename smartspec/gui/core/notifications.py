"""What the window tells without being asked: messages that stay, and toasts that offer Undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from smartspec.domain import times
from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.core.navigation import Location
from smartspec.messages import translate
from smartspec.value import field, frozen

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
    """What was done, and how to undo it."""

    text: str
    undo: Callable[[], object] | None = None
    icon: str = "check"


class Notifications(QObject):
    notified = Signal(object)
    toasted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.messages: list[Message] = []

    def notify(self, message: Message) -> None:
        """Show a message until it is closed; it is kept under Tools, Messages."""
        self.messages = [*self.messages, message][-_KEPT:]
        self.notified.emit(message)

    def toast(self, text: str, undo: Callable[[], object] | None = None, icon: str = "check") -> None:
        self.toasted.emit(Toast(text, undo, icon))

    def notify_error(self, error: SmartSpecError) -> None:
        """What could not be done, as a message."""
        self.notify(of_error(error))


def of_error(error: SmartSpecError) -> Message:
    """The sentence; of several problems the first as the headline and all as details."""
    problems = error.problems if isinstance(error, Invalid) else ()
    sentence = translate(problems[0].sentence if len(problems) > 1 else error.sentence)
    head, _, rest = sentence.partition("; ") if len(sentence) > 100 else (sentence, "", "")
    details = "\n".join(translate(each.as_line) for each in problems) if len(problems) > 1 else ""
    return Message("error", head if not rest else f"{head}.", rest[:1].upper() + rest[1:], details)
