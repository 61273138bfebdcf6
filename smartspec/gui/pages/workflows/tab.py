"""What each tab of a workflow is to the page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.workflows.draft import Draft


class WorkflowTab(Pane):
    """`tools` stand at the right of the tabs. `changed`: what can be done with it may be another now."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.tools: QWidget = QWidget()

    def work_on(self, draft: Draft) -> None:
        """What is written of the workflow; told once, before anything is shown."""

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        """`version` is the latest, None before there is one."""
        raise NotImplementedError

    def show_narrow(self, narrow: bool) -> None:
        """The window has become narrow, or wide again."""

    def lists(self) -> list[QWidget]:
        """Those whose rows Del deletes while they have the keyboard, by `delete`."""
        return []

    def delete(self) -> None:
        """What is chosen in the list that has the keyboard."""

    def handlers(self) -> dict[str, Handler]:
        """What does the actions while the tab is shown."""
        return {}

    def disabled(self) -> set[str]:
        """The actions that do not apply now."""
        return set()
