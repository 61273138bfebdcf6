"""What a schedule is called, what it starts, and in which version."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from smartspec.domain import times
from smartspec.gui.pages.schedules.editor.form_row import FormRow
from smartspec.gui.pages.schedules.editor.reading import WorkflowOption, WorkflowVersions
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, trn

_LEAST_LETTERS = 12  # of the name of a workflow, which may be longer than there is room


class WhatSection(QWidget):
    """`edited` after each change; `workflow_chosen` carries the id of another workflow, `version_chosen` a label."""

    edited = Signal()
    workflow_chosen = Signal(str)
    version_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._versions: WorkflowVersions | None = None
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name"))
        self.name.setPlaceholderText(tr("as its rule"))
        self.workflow, self.version = Choice(tr("Workflow")), Choice(tr("Version"))
        for each in (self.workflow, self.version):
            each.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            each.setMinimumContentsLength(_LEAST_LETTERS)
            each.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._hint = IconLine("small", icon_size=14)
        beside = label(tr("Workflow"), "secondary")
        beside.setBuddy(self.workflow)
        first = row(self.name, 4, beside, self.workflow)
        second = row(self.version, 4, self._hint)
        for layout, factors in ((first, {0: 12, 3: 13}), (second, {0: 12, 2: 18})):
            for place, factor in factors.items():
                layout.setStretch(place, factor)
        self.rows = {
            "name": FormRow(tr("Name"), first, self.name), "version": FormRow(tr("Version"), second, self.version),
        }  # fmt: skip
        self.setLayout(column(*self.rows.values(), spacing=8))
        self.name.textEdited.connect(lambda _text: self.edited.emit())
        self.workflow.activated.connect(lambda _index: self.workflow_chosen.emit(self.workflow_id))
        self.version.activated.connect(lambda _index: self._on_version())

    @property
    def workflow_id(self) -> str:
        return str(self.workflow.currentData() or "")

    @property
    def version_label(self) -> str:
        """The one that is pinned; empty: the current one of the moment."""
        return str(self.version.currentData() or "")

    def _on_version(self) -> None:
        self._show_hint()
        self.version_chosen.emit(self.version_label)

    def show_workflows(self, options: Sequence[WorkflowOption], chosen: str, *, is_new: bool) -> None:
        """A schedule that there is stays with its own."""
        self.workflow.clear()
        if is_new:
            self.workflow.addItem(tr("choose a workflow"), "")
        for each in options:
            self.workflow.addItem(icons.icon("tree-structure"), each.name, each.id)
        self.workflow.setCurrentIndex(max(0, self.workflow.findData(chosen)))
        self.workflow.setEnabled(is_new)
        if not is_new:
            self.workflow.setToolTip(tr("A schedule stays with its workflow."))

    def show_versions(self, found: WorkflowVersions | None, chosen: str) -> None:
        """Those that can be pinned, and what the newest is."""
        self._versions = found
        self.version.clear()
        self.version.addItem(icons.icon("git-commit"), tr("always the current one"), "")
        for each in found.options if found is not None else ():
            words = tr("v{version}, pinned", version=each.label)
            self.version.addItem(icons.icon("push-pin-fill"), words, each.label)
        if chosen and self.version.findData(chosen) < 0:  # kept from before, and not there any more
            self.version.addItem(icons.icon("push-pin-fill"), tr("v{version}, pinned", version=chosen), chosen)
        self.version.setCurrentIndex(max(0, self.version.findData(chosen)))
        self._show_hint()

    def _show_hint(self) -> None:
        self._hint.show_text(self._hint_text(), "info" if self._versions is not None else "", "text2")

    def _hint_text(self) -> str:
        found = self._versions
        if found is None:
            return ""
        current = found.option("")
        if current is None:
            return tr("It has no version yet")
        newer = [each.label for each in found.options].index(self.version_label) if self._is_old(found) else 0
        if newer:
            return trn(
                "v{version} is the current one: {n} newer, not used here",
                "v{version} is the current one: {n} newer, not used here", newer, version=current.label,
            )  # fmt: skip
        return tr("v{version} is the current one, {when}", version=current.label,
                  when=ago(current.created_at, times.now()))  # fmt: skip

    def _is_old(self, found: WorkflowVersions) -> bool:
        return self.version_label in {each.label for each in found.options[1:]} and self.version_label != found.current
