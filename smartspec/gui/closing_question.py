"""The question when the window is closed while something runs."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.messages import tr, trn

KEEP, STOP = 1, 2  # what the dialog is done with; else it was cancelled


class ClosingQuestion(Dialog):
    """Keep running without the window, stop what runs, or do not close; Esc does not close."""

    def __init__(self, parent: QWidget, running: int) -> None:
        super().__init__(parent, trn("{n} execution runs", "{n} executions run", running), width=460)
        meaning = trn(
            "It is run by a process of its own, and can keep running without this window.",
            "They are run by a process of its own, and can keep running without this window.", running,
        )  # fmt: skip
        self.always = QCheckBox(tr("Always keep running"))
        self.body.addWidget(wrapped(meaning, "secondary"))
        self.body.addSpacing(4)
        self.body.addWidget(self.always)
        self.setAccessibleDescription(meaning)
        self.add_button(tr("Do not close"), then=self.reject)
        self.add_button(trn("Stop it", "Stop them", running), "danger", lambda: self.done(STOP))
        keep = self.add_button(tr("Keep running"), "primary", lambda: self.done(KEEP))
        keep.setFocus()


def ask_what_to_do(parent: QWidget, running: int) -> tuple[str, bool]:
    """`keep`, `stop` or `cancel`; and whether it is always to be kept running."""
    question = ClosingQuestion(parent, running)
    always = False

    def note(answer: int) -> None:
        nonlocal always
        always = answer == KEEP and question.always.isChecked()

    question.finished.connect(note)
    answer = question.exec()
    return {KEEP: "keep", STOP: "stop"}.get(answer, "cancel"), always
