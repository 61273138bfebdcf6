"""Before an execution is run again from a task: what will be decided anew, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from smartspec.commands import rerun_scope
from smartspec.commands.rerun_scope import RerunScope
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.dialogs import Dialog, wrapped
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, trn

_MOST = 9  # of a list
_ROW = 24


def ask_to_rerun(context: AppContext, owner: QWidget, execution: str, task: str) -> None:
    """Reads what it would do, and does it when that was agreed to."""
    read = partial(rerun_scope.rerun_scope, execution, task, context.workspace)
    context.run(owner, read, lambda scope: RerunDialog(context, owner, scope).open())


class RerunDialog(Dialog):
    """Two lists side by side; the button says how many tasks will run."""

    def __init__(self, context: AppContext, owner: QWidget, scope: RerunScope) -> None:
        title = tr("Re-run {execution} from {task}", execution=scope.execution.label, task=scope.task)
        caption = tr(
            "Attempt {number} of the same execution: its version, settings and input stay",
            number=scope.execution.attempt + 1,
        )
        super().__init__(owner, title, caption, width=560)
        self._context, self._owner, self._scope = context, owner, scope
        self.anew = _Names(((name, "pending") for name in scope.anew), tr("Decided anew"))
        self.kept = _Names(((run.task, run.status or "pending") for run in scope.kept), tr("Kept as it is"))
        lists = row(spacing=24)
        for each in (self.anew, self.kept):
            lists.addLayout(each.with_heading(), 1)
        self.body.addLayout(lists)
        if scope.handlers:
            told = trn(
                "Its handler runs again when it ends.", "Its handlers run again when it ends.", len(scope.handlers)
            )
            self.body.addWidget(wrapped(told, "caption"))
        self.add_button(tr("Cancel"), then=self.reject)
        verb = trn("Re-run {n} task", "Re-run {n} tasks", len(scope.anew))
        self.add_button(verb, "primary", self._rerun)

    def _rerun(self) -> None:
        from smartspec.commands import control

        begin = partial(control.rerun_from, self._scope.execution.id, self._scope.task, self._context.workspace)
        notifications = self._context.notifications
        self._context.start(self._owner, begin, lambda begun: notifications.follow_runs([begun]))
        self.accept()


class _Names(QWidget):
    """Tasks, each with how it stands; of many the first ones, and how many more there are."""

    def __init__(self, tasks: Iterable[tuple[str, str]], heading: str) -> None:
        super().__init__()
        self.tasks = [*tasks]
        self._heading = heading
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        names = ", ".join(name for name, _ in self.tasks[:200])
        self.setAccessibleName(f"{heading}: {names}")
        self.setToolTip(plain_tip(names) if len(self.tasks) > _MOST else "")

    def with_heading(self) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(4)
        made.addWidget(label(f"{self._heading} · {number(len(self.tasks))}", "heading"))
        made.addWidget(self)
        made.addStretch(1)
        return made

    @property
    def _shown(self) -> list[tuple[str, str]]:
        return self.tasks if len(self.tasks) <= _MOST else self.tasks[: _MOST - 1]

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW * max(1, min(_MOST, len(self.tasks))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (name, status) in enumerate(self._shown):
            shown, top = status_style(status), place * _ROW
            painting.status_icon(painter, QRectF(1, top + 5, 14, 14), shown.icon, shown.colour)
            painting.text(painter, QRectF(23, top, self.width() - 24, _ROW), name, "text", theme.font("body", 500))
        if len(self._shown) < len(self.tasks):
            told = trn("and {n} more", "and {n} more", len(self.tasks) - len(self._shown))
            room = QRectF(23, len(self._shown) * _ROW, self.width() - 24, _ROW)
            painting.text(painter, room, told, "text2", theme.font())
        if not self.tasks:
            painting.text(painter, QRectF(0, 0, self.width(), _ROW), tr("Nothing"), "text2", theme.font())
        painter.end()
