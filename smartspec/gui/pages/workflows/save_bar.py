"""At the right of the tabs: whether the text is saved, and the buttons that save it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.gui.core.actions import shortcut_text
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button, fold
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, trn


class SaveBar(QWidget):
    save_asked = Signal()
    discard_asked = Signal()
    draft_asked = Signal()

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._narrow = self._is_asking = False
        self.dot = Icon("circle-fill", "retrying", 8)
        self.state = label("", "secondary")
        self.wrong = label("", "wrong")
        self.discard = button(tr("Discard"), "ghost", "arrow-counter-clockwise", self.discard_asked.emit)
        self.keep = button(tr("Save draft"), "", "floppy-disk", self.draft_asked.emit)
        self.save = button(tr("Save"), then=self.save_asked.emit)
        self.setLayout(row(None, self.dot, self.state, self.wrong, 4, self.discard, self.keep, self.save, spacing=6))
        self.show_state()

    def show_narrow(self, narrow: bool) -> None:
        """Only the icons of what is not the way on, and the dot for its word."""
        self._narrow = narrow
        for each in (self.discard, self.keep):
            fold(each, narrow)
        self.show_state()

    def show_question(self, asking: bool) -> None:
        """While it is asked what changed, the button that saves stands there."""
        self._is_asking = asking
        self.show_state()

    def show_state(self) -> None:
        draft = self._draft
        dirty, errors = draft.can_become_version, len(draft.errors)
        word = self._state_text()
        self.dot.setVisible(dirty)
        self.dot.setToolTip(word)
        self.state.setText(word)
        self.state.setVisible(not self._narrow or not dirty)
        self.wrong.setText(trn("{n} error", "{n} errors", errors) if errors and dirty else "")
        self.wrong.setVisible(bool(self.wrong.text()))
        self.discard.setVisible(draft.is_dirty and not draft.is_new)
        self.keep.setVisible(draft.is_dirty)
        self._show_save(dirty, draft.errors[0].line if errors else None, bool(errors))

    def _show_save(self, visible: bool, first: int | None, blocked: bool) -> None:
        version = self._draft.next_version
        self.save.setVisible(visible and not self._is_asking)
        self.save.setEnabled(not blocked)
        self.save.setText(tr("Save as v{version}", version=version) if version else tr("Save"))
        keys = shortcut_text(self._draft.context.actions["save"])
        self.save.setToolTip(tr("Fix line {line} first", line=number(first or 1)) if blocked else keys)

    def _state_text(self) -> str:
        draft = self._draft
        if not draft.is_dirty:
            return tr("No version yet") if draft.is_new else tr("Saved")
        if draft.elsewhere is not None:
            return tr("Unsaved · v{version} was saved elsewhere", version=draft.elsewhere.version)
        return tr("Draft saved") if draft.is_kept else tr("Unsaved")
