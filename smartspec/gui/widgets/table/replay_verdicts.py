"""Whether replays came to the same as their originals: read once for each that has ended, beside the rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal

from smartspec.domain.engine.states import FINAL
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk
from smartspec.gui.core.context import AppContext
from smartspec.messages import translate


class ReplayVerdicts(QObject):
    """`found` comes when `of` answers more than before."""

    found = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._known: dict[ExecutionPk, str] = {}

    def of(self, execution: Execution) -> str:
        """In words; nothing of what is no replay, has not ended, or is not looked at yet."""
        return translate(self._known.get(execution.pk, ""))

    def look_at(self, rows: Iterable[Execution]) -> None:
        wanted = [each for each in rows if each.replay_of is not None and each.status in FINAL]
        if asked := [each for each in wanted if each.pk not in self._known]:
            self._known |= {each.pk: "" for each in asked}
            read = partial(_verdicts, asked)
            self._context.run(self, read, self._on_verdicts, worker="slow")

    def _on_verdicts(self, verdicts: dict[ExecutionPk, str]) -> None:
        self._known |= verdicts
        self.found.emit()


def _verdicts(replays: list[Execution]) -> dict[ExecutionPk, str]:
    from smartspec.commands import comparing

    return {pk: found.sentence for pk, found in comparing.replay_verdicts(replays).items()}
