"""Above the tabs: which workflow it is, whether it is active, and Run."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.actions import shortcut_text
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.pages.workflows.next_due import NextDue
from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import Switch, button, follow, icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import restyle, row
from smartspec.gui.widgets.menus import action_menu, show_below
from smartspec.messages import tr, trn

W = WorkflowStatus
_WAYS_TO_RUN = ("run", "run_with", "run_saved", "record")
_NARROW = 700
_MORE = ("rename", "duplicate", "activate", "archive", "", "export", "workflow_audit", "", "delete")


class WorkflowHeader(QWidget):
    """`version_asked`: the chip of the version was pressed; `drawer_asked`: the button that stands for the list."""

    version_asked = Signal()
    drawer_asked = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        actions = context.actions
        self.drawer = button(tr("Workflows"), "", "list-bullets", self.drawer_asked.emit)
        self.title = Elided("title", takes_its_width=True)
        self.version = Chip("", "git-commit", "accent_text", checkable=False, soft=True)
        self.version.clicked.connect(self.version_asked)
        self.switch = Switch(tr("Active"))
        self.switch.clicked.connect(self._on_switched)
        self.state = label("", "secondary")
        self.next_due = NextDue(context)
        self.ref = Elided("mono", takes_its_width=True)
        self.description = Elided("")
        self.stop = button(tr("Stop"), "", "stop", actions["stop"].trigger)
        self.run = button(tr("Run"), "primary", "play-fill", actions["run"].trigger)
        restyle(self.run, side="left")
        self.more_run = button("", "split")
        self.more_run.setIcon(icons.icon("caret-down", "on_accent"))
        self.more_run.setAccessibleName(tr("More ways to run"))
        self.more_run.setToolTip(tr("More ways to run"))
        restyle(self.more_run, side="right")
        self.more = icon_button("dots-three", tr("More"))
        self.more_run.clicked.connect(lambda: self._show_menu(self.more_run, self._ways_to_run()))
        self.more.clicked.connect(lambda: self._show_menu(self.more, _MORE))
        follow(self.run, actions["run"])
        follow(self.stop, actions["stop"])
        runs = row(self.run, self.more_run, spacing=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 12, 0)
        layout.setSpacing(4)
        left = (self.drawer, self.title, 2, self.version, 4, self.switch, self.state, 4, self.next_due)
        layout.addLayout(row(*left, None, self.stop, runs, self.more))
        below = row(self.ref)
        below.addWidget(self.description, 1)
        layout.addLayout(below)
        self.show_narrow(False)

    def show_narrow(self, narrow: bool) -> None:
        self.drawer.setVisible(narrow)

    def show_workflow(self, workflow: Workflow, version: str | None) -> None:
        self.title.setText(workflow.name)
        self.version.setVisible(version is not None)
        self.version.set_word(f"v{version}" if version else "")
        self.version.setAccessibleName(tr("Version {version}", version=version or ""))
        self.next_due.show_workflow(workflow)
        active = workflow.status is W.ACTIVE
        self.switch.setChecked(active)
        self.switch.setEnabled(workflow.status in (W.ACTIVE, W.INACTIVE, W.DRAFT))
        words = {W.ACTIVE: tr("Active"), W.INACTIVE: tr("Inactive"), W.DRAFT: tr("Draft"), W.ARCHIVED: tr("Archived")}
        self.state.setText(words[workflow.status])
        self.ref.setText(workflow.ref)
        self.description.setText(f"·  {workflow.description}" if workflow.description else "")

    def show_draft(self, draft: Draft) -> None:
        """The button says what it runs: a text that is no version yet becomes one first."""
        errors = len(draft.errors) if draft.can_become_version else 0
        named = draft.is_dirty and draft.next_version and not errors
        self.run.setText(tr("Run as v{version}", version=draft.next_version) if named else tr("Run"))
        if errors:
            told = trn("Nothing runs: the text has {n} error", "Nothing runs: the text has {n} errors", errors)
        elif named:
            told = tr("Saves the text as v{version}, and runs that", version=draft.next_version)
        else:
            told = tr("Runs v{version}", version=draft.based_on.version) if draft.based_on else ""
        keys = shortcut_text(self._context.actions["run"])
        self.run.setToolTip(f"{told} ({keys})" if told else keys)

    def _ways_to_run(self) -> tuple[str, ...]:
        saved = self._context.actions["run_saved"].isEnabled()
        return tuple(name for name in _WAYS_TO_RUN if name != "run_saved" or saved)

    def show_running(self, running: bool) -> None:
        self.stop.setVisible(running)

    def _on_switched(self) -> None:
        self.switch.setChecked(not self.switch.isChecked())  # it follows the ledger, not the mouse
        self._context.actions.do("activate")

    def _show_menu(self, below: QWidget, names: tuple[str, ...]) -> None:
        show_below(action_menu(below, self._context.actions, names), below)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the switch says its state without the word, and when it is due is left out."""
        super().resizeEvent(event)
        for each in (self.state, self.next_due):
            each.setVisible(self.width() >= _NARROW)
