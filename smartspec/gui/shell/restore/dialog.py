"""Restore a backup: to a new place, or over this ledger; what is only in yours, and the steps while it runs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QVBoxLayout, QWidget

from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.restore import estimate
from smartspec.gui.shell.restore.form import RestoreForm
from smartspec.gui.shell.restore.steps import StepLine, StepList
from smartspec.gui.style.formatting import size
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import Dialog, wrapped
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import frame
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen

_WIDTH, _HEIGHT, _STEPS, _NARROW, _AROUND = 896, 664, 264, 760, 72  # pixels; around the form: its margins
_MAX_WIDTH = 16_777_215  # Qt's, where there is none


@frozen
class Wanted:
    """What is restored: the backup's path, and the folder where that is a new place, with its long logs or not."""

    backup: str
    folder: Path | None = None
    with_logs: bool = True


class RestoreDialog(Dialog):
    """`begun` carries what is wanted, `stopped`: what runs is not wanted."""

    begun = Signal(object)
    stopped = Signal()

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        caption = tr("Beside your ledger or in its place. Nothing is overwritten: your ledger is set aside intact.")
        super().__init__(parent, tr("Restore a backup"), caption, width=_WIDTH, height=_HEIGHT)
        self._context = context
        self.is_running = False
        self._steps_shown: tuple[StepLine, ...] = ()
        self.form = RestoreForm(context)
        self.steps, self.hint, self.told = StepList(), wrapped("", "small"), Elided("small", takes_its_width=True)
        self._lay_out_body()
        self.cancel = self.add_button(tr("Cancel"), then=self.reject)
        self.restore = self.add_button("", "primary", self._begin)
        self.stop = self.add_button(tr("Stop, keep mine"), then=self.ask_to_stop)
        self.stop.hide()
        self.add_left(self.told)
        self._ticking = QTimer(self, interval=1000)
        self._ticking.timeout.connect(self._show_progress)
        self.form.changed.connect(self._show)
        self.form.asked.connect(self._on_asked)
        self._show()

    def _lay_out_body(self) -> None:
        side = frame("sunken")
        side.setFixedWidth(_STEPS)
        steps = QVBoxLayout(side)
        steps.setContentsMargins(16, 12, 16, 12)
        steps.addWidget(label(tr("Steps"), "section"))
        steps.addSpacing(4)
        steps.addWidget(self.steps)
        steps.addStretch(1)
        steps.addWidget(self.hint)
        self._side, self._both = side, QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(0)
        self._both.addWidget(self.form, 1)
        self._both.addWidget(side)
        self.body.addLayout(self._both)

    def _show_narrow(self, narrow: bool) -> None:
        """The steps below the form then."""
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._both.direction() != way:
            self._both.setDirection(way)
            self._both.setSpacing(16 if narrow else 0)
            self.form.show_narrow(narrow)
            self._side.setMinimumWidth(0 if narrow else _STEPS)
            self._side.setMaximumWidth(_MAX_WIDTH if narrow else _STEPS)

    # Before it runs

    def _show(self) -> None:
        if self.is_running:
            return
        over, facts = self.form.is_over, self.form.facts
        self.restore.setText(tr("Set mine aside and restore") if over else tr("Restore to the new place"))
        self.hint.setText(
            tr("If a step fails or you stop it, your own ledger is opened again just as it was. The same works in a "
               "terminal: smartspec db restore") if over
            else tr("Your ledger is not touched, and what runs goes on. The new one opens in this window, read-only at "
                    "first. The same works in a terminal: smartspec db restore --to FOLDER")
        )  # fmt: skip
        self.told.setText(self._expected())
        lines = self._lines()
        if lines != self._steps_shown or not self.steps.is_begun:
            self._steps_shown = lines
            self.steps.show_steps(lines, 1 if facts.state == "sound" else 0, facts.took_s)
        self.show_problem(self.form.problem)
        self.set_busy(facts.state != "sound" or self.form.folder is None)
        (self.cancel if over else self.restore).setDefault(True)

    def _expected(self) -> str:
        """How long it takes, and what has to end first."""
        chosen, facts = self.form.chosen, self.form.facts
        if chosen is None or facts.state != "sound":
            return ""
        logs = self.form.needed - chosen.size
        takes = estimate.words(estimate.seconds_for(chosen.size, facts.took_s, logs))
        if not self.form.is_over:
            return tr("{takes}. Nothing has to stop.", takes=takes)
        running = facts.newer.running if facts.newer is not None else 0
        if not running:
            return tr("{takes}.", takes=takes)
        return trn("{takes}, once the {n} that runs has ended.", "{takes}, once the {n} that run have ended.", running,
                   takes=takes)  # fmt: skip

    def _lines(self) -> tuple[StepLine, ...]:
        chosen, facts = self.form.chosen, self.form.facts
        bytes_ = chosen.size if chosen is not None else 0
        check = StepLine("check", tr("Check the backup"), tr("every byte and every row"))
        copy = StepLine("copy", tr("Copy it"), tr("{size}, over nothing", size=size(bytes_)), bytes_)
        compare = StepLine("compare", tr("Count and compare"), tr("with the numbers of the backup"))
        if not self.form.is_over:
            logs = (StepLine("logs", tr("Copy the logs"), size(facts.logs.size), facts.logs.size),) if (
                self.form.takes_logs and facts.logs is not None and facts.logs.count) else ()  # fmt: skip
            return (check, copy, compare, *logs, StepLine("open", tr("Open it"), tr("read-only at first")))
        running = facts.newer.running if facts.newer is not None else 0
        waits = trn("{n} runs, 10 minutes at most", "{n} run, 10 minutes at most", running)
        return (
            check, copy, compare,
            StepLine("wait", tr("Pause the runner"), waits if running else tr("it begins nothing more")),
            StepLine("aside", tr("Set yours aside"), tr("moved, not copied")),
            StepLine("open", tr("Open and resume"), tr("the runner comes back")),
        )  # fmt: skip

    # What is newer

    def _on_asked(self, what: str) -> None:
        if what == "export":
            self._export()
        elif self.form.facts.newer is not None:
            from smartspec.gui.shell.restore.newer_dialog import NewerDialog

            NewerDialog(self.form.facts.newer, self).open()

    def _export(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Export what is newer into a folder"), str(Path.home()))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """What is newer, into a new folder within this one."""
        from smartspec.commands import newer_export

        chosen = self.form.chosen
        if chosen is None:
            return
        self.form.export.setEnabled(False)
        self.form.newer.tell(tr("Being exported…"))
        export = partial(newer_export.export_newer, self._context.database, chosen, folder)
        self._context.run(self, export, self._on_exported, self._on_not_exported, worker="slow")

    def _on_exported(self, done: object) -> None:
        from smartspec.commands.newer_export import Exported

        assert isinstance(done, Exported)
        self.form.export.setEnabled(True)
        show = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(done.folder)))
        self.form.newer.tell(_exported(done), tip=str(done.folder), link=button(tr("Show"), "link", then=show))

    def _on_not_exported(self, error: SmartSpecError) -> None:
        self.form.export.setEnabled(True)
        self.form.newer.tell(translate(error.sentence), is_bad=True)

    # While it runs

    def _begin(self) -> None:
        chosen = self.form.chosen
        if chosen is None or self.is_running:
            return
        self.is_running = True
        self.form.freeze(True)
        self.cancel.hide()
        self.restore.hide()
        self.stop.show()
        self.stop.setEnabled(True)
        self.stop.setDefault(True)
        self.stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.steps.begin()
        self._ticking.start()
        self.show_step("check", 0)
        folder = None if self.form.is_over else self.form.folder
        self.begun.emit(Wanted(chosen.path, folder, self.form.takes_logs))

    def show_step(self, step: str, share: float, waited_for: str = "") -> None:
        if not self.is_running:
            return
        self.steps.move_to(step, share)
        if waited_for:
            self.hint.setText(waited_for)
        self.stop.setEnabled(step != "aside" and not self._is_stopping)
        self._show_progress()

    _is_stopping = False

    def _show_progress(self) -> None:
        if self.is_running and not self._is_stopping:
            so_far = estimate.whole(self.steps.so_far_s)
            step, count = self.steps.at + 1, len(self._steps_shown)
            self.told.setText(tr("Step {step} of {count} · {so_far} so far", step=step, count=count, so_far=so_far))

    def ask_to_stop(self) -> None:
        self._is_stopping = True
        self.stop.setEnabled(False)
        self.told.setText(tr("Being stopped…"))
        self.stopped.emit()

    def end(self, problem: str = "") -> None:
        """It is through; with a problem nothing has changed, and it can be tried again."""
        self.is_running = self._is_stopping = False
        self._ticking.stop()
        if not problem:
            self.steps.end()
            self.accept()
            return
        self.form.freeze(False)
        self.stop.hide()
        self.cancel.show()
        self.restore.show()
        self._steps_shown = ()
        self._show()
        self.show_problem(problem)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self.form.minimumSizeHint().width() + _STEPS + _AROUND
        self._show_narrow(self.width() < max(_NARROW, needed))

    def reject(self) -> None:
        """While it runs Esc stops it."""
        if not self.is_running:
            super().reject()
        elif self.stop.isEnabled():
            self.ask_to_stop()


def _exported(done: object) -> str:
    from smartspec.commands.newer_export import Exported

    assert isinstance(done, Exported)
    parts = []
    if ended := done.executions + done.gone_on:
        parts.append(trn("{n} execution that has ended", "{n} executions that have ended", ended))
    if done.texts:
        parts.append(trn("{n} text of workflows", "{n} texts of workflows", done.texts))
    told = tr("{what}, in {folder}", what=", ".join(parts) or tr("Nothing that has ended"), folder=done.folder.name)
    return told if done.is_whole else tr("{told}; the rest could not be read", told=told)
