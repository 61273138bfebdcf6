"""What each tab of an execution is to the page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain.execution import TaskExecution
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail


class ExecutionTab(QWidget):
    """`tab_asked` carries the name of another one that is wanted, `round_asked` another attempt of the execution.

    `changed`: what can be done may be another now. Its focus proxy is what has the keyboard first.
    """

    tab_asked = Signal(str)
    round_asked = Signal(int)
    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        """`rows` are those of `detail` up to the chosen round. It is called while the tab is shown."""
        raise NotImplementedError

    def show_query(self, query: str) -> None:
        """What a location names within the tab."""

    @property
    def chosen_task(self) -> str:
        """The name of a task that is chosen in it."""
        return ""

    def show_rerun(self, can: bool) -> None:
        """Whether it can be run again from the chosen task."""

    def show_narrow(self, narrow: bool) -> None:
        """The window has become narrow, or wide again."""

    def handlers(self) -> dict[str, Handler]:
        """What does the actions while the tab is shown."""
        return {}
