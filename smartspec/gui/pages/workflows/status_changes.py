"""What is said of executions whose status changes while they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.status import execution_style
from smartspec.gui.widgets.announcer import Announcer

_MOST = 3  # of one look: more could not be followed by ear


class StatusChanges:
    """Each change is told once; of what was started here, toasts tell."""

    def __init__(self, context: AppContext, shown: QWidget) -> None:
        self._followed = context.notifications.followed
        self.announcer = Announcer(shown)
        self._known: dict[ExecutionPk, tuple[str, bool]] = {}  # its word, and whether it was followed

    def look_at(self, rows: Sequence[Execution]) -> None:
        """At what is listed now."""
        before = self._known
        self._known = {each.pk: (execution_style(each).word, each.pk in self._followed) for each in rows}
        told = [
            f"{each.label}: {self._known[each.pk][0]}"
            for each in rows
            if (was := before.get(each.pk)) is not None and not was[1] and was[0] != self._known[each.pk][0]
        ]
        for text in told[:_MOST]:
            self.announcer.say(text)
