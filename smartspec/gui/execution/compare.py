"""The tab Compare: what differs from another execution, the likely reason first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from smartspec.commands import comparing, executions, versions, workflows
from smartspec.domain import times
from smartspec.domain.comparison import Comparison, Finding, TaskPair
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.filters import ExecutionFilter
from smartspec.errors import SmartSpecError
from smartspec.gui import icons, theme
from smartspec.gui.desk import Desk
from smartspec.gui.places import Place
from smartspec.gui.widgets import ansi, painting
from smartspec.gui.widgets.controls import Choice, button, column, frame, label, line, row
from smartspec.gui.widgets.diffview import DiffView
from smartspec.gui.widgets.states import States
from smartspec.gui.words import ago, duration, execution_look, look, task_status, tr

Index = QModelIndex | QPersistentModelIndex
_FINDING = int(Qt.ItemDataRole.UserRole) + 1
_ICONS = {
    "definition": "git-pull-request", "setting": "sliders-horizontal", "input": "brackets-curly", "environment": "cpu",
    "disk": "hard-drives", "output": "brackets-curly", "duration": "timer", "start": "play",
}  # fmt: skip
_COLOURS = ((85, "failed"), (60, "retrying"), (30, "text2"), (0, "text3"))
_OTHERS = 30


class CompareTab(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._execution: Execution | None = None
        self._comparison: Comparison | None = None
        self._wanted = ""  # the id of the other side, empty for the last that worked
        self.other = Choice(tr("Compare with"))
        self.other.setMinimumWidth(280)
        self.other.activated.connect(lambda _: self.compare_with(self.other.currentData()))
        self.this = label("", "heading")
        self.copy = button(tr("Copy report"), "", "copy", self._copy)
        self.findings = QListWidget()
        self.findings.setObjectName("timeline")
        self.findings.setItemDelegate(_FindingDelegate(self))
        self.findings.setAccessibleName(tr("Differences, most likely cause first"))
        self.findings.currentItemChanged.connect(lambda now, _: self._show_finding(now.data(_FINDING) if now else None))
        self._headline = label("", "title")
        self._headline.setWordWrap(True)
        self._why = label("", "secondary")
        self._why.setWordWrap(True)
        self._deed = button("", then=self._do)
        self._tasks = _TaskBars()
        self._tasks_title = label(tr("Durations of the tasks"), "heading")
        self._log_title = label(tr("First line of the log that differs"), "heading")
        self._log = label("", "mono", selectable=True)
        self._log.setWordWrap(True)
        self.diff = DiffView()
        self.diff.set_unified(True)
        self.diff.setMinimumHeight(160)
        self._diff_title = label(tr("The definition"), "heading")
        self._lay_out()

    def _lay_out(self) -> None:
        top = frame("surface")
        top.setLayout(row(self.other, label("⇆", "secondary"), self.this, None, self.copy, margins=(20, 8, 14, 8)))
        left = frame("pane")
        left.setLayout(
            column(
                row(label(tr("Differences, most likely cause first"), "section"), margins=(20, 12, 8, 4)),
                self.findings,
                spacing=2,
            )
        )
        head = row()
        head.addWidget(self._headline, 1)
        head.addWidget(self._deed)
        inner = QWidget()
        inner.setLayout(column(
            head, self._why, 8, self._diff_title, self.diff, self._log_title, self._log, 8,
            self._tasks_title, self._tasks, None, margins=(20, 14, 20, 14), spacing=6,
        ))  # fmt: skip
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        sides = QSplitter()
        sides.setHandleWidth(1)
        sides.addWidget(left)
        sides.addWidget(area)
        sides.setSizes([380, 820])
        sides.setStretchFactor(1, 1)
        self.states = States(sides)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(line())
        layout.addWidget(self.states, 1)

    def show_execution(self, execution: Execution) -> None:
        if self._execution is not None and (self._execution.id, self._execution.status) == (
            execution.id,
            execution.status,
        ):
            return
        if self._execution is None or self._execution.id != execution.id:
            self._wanted = ""
        self._execution, self._comparison = execution, None
        self.this.setText(
            tr("#{0} this execution · {1}").format(execution.number, execution_look(execution).word.lower())
        )
        wanted = ExecutionFilter(workflow=execution.workflow)
        read = partial(executions.list_executions, wanted, limit=_OTHERS, workspace=self._desk.workspace)
        if execution.workflow is not None:
            self._desk.run(self, read, lambda page: self._fill(page.rows))
        self.compare_with(self._wanted)

    def _fill(self, rows: tuple[Execution, ...]) -> None:
        assert self._execution is not None
        now = times.now()
        self.other.clear()
        self.other.addItem(icons.icon("check-circle-fill", "completed"), tr("The last success"), "")
        for each in rows:
            if each.pk != self._execution.pk:
                shown = execution_look(each)
                word = (
                    f"#{each.number} {shown.word.lower()} · {ago(each.created_at, now)} · {duration(each.duration_ms)}"
                )
                self.other.addItem(icons.icon(shown.icon, shown.colour), word, each.id)
        self.other.setCurrentIndex(max(0, self.other.findData(self._wanted)))

    def compare_with(self, other: str) -> None:
        """The id of another execution; empty for the last one that worked."""
        self._wanted = other
        self.other.setCurrentIndex(max(0, self.other.findData(other)))
        if self._execution is None:
            return
        self.states.show_loading()
        workspace = self._desk.workspace
        if other:
            command = partial(comparing.compare_executions, other, self._execution.id, workspace)
        else:
            command = partial(comparing.compare_with_last_good, self._execution.id, workspace)
        self._desk.run(self, command, partial(self._show, self._execution.id), self._on_failed, lane="slow")

    def _on_failed(self, error: SmartSpecError) -> None:
        self.states.show_empty("arrows-left-right", tr("Nothing to compare with"), str(error))

    def _show(self, id_: str, found: Comparison) -> None:
        if self._execution is None or id_ != self._execution.id:
            return
        self._comparison = found
        self.states.show_content()
        self.findings.clear()
        for each in found.findings:
            item = QListWidgetItem(f"{each.likelihood}: {each.sentence}")
            item.setData(_FINDING, each)
            self.findings.addItem(item)
        if not found.findings:
            self.findings.addItem(tr("Nothing that is recorded differs"))
        self._tasks.show_pairs(found)
        for shown in (self._tasks_title, self._tasks):
            shown.setVisible(bool(found.tasks))
        logs = [
            f"{task}, line {each.line}\n− {_plain(each.old)}\n+ {_plain(each.new)}"
            for task, each in [*found.log.items()][:3]
        ]
        self._log.setText("\n\n".join(logs))
        for shown in (self._log_title, self._log):
            shown.setVisible(bool(logs))
        self.findings.setCurrentRow(0)
        self._show_finding(found.findings[0] if found.findings else None)

    def _show_finding(self, finding: Finding | None) -> None:
        found = self._comparison
        if found is None:
            return
        self._headline.setText(_sentence(finding.sentence) if finding else tr("No difference was found"))
        why = finding.why if finding else tr("Files, network and other programs are not recorded: look there.")
        self._why.setText(f"{finding.likelihood.capitalize()}: {why}." if finding else why)
        kind = finding.kind if finding else ""
        self._deed.setVisible(kind in ("setting", "definition"))
        self._deed.setText(tr("Open Config") if kind == "setting" else tr("Open Versions"))
        shown = kind == "definition" and bool(found.lines)
        self._diff_title.setVisible(shown)
        self.diff.setVisible(shown)
        if shown:
            self._desk.run(self, partial(_sources, found), self._show_sources)

    def _show_sources(self, texts: tuple[str, str]) -> None:
        self.diff.show_texts(*texts)
        self.diff.setFixedHeight(min(420, 12 + 21 * self.diff.row_count))

    def _do(self) -> None:
        found = self._comparison
        item = self.findings.currentItem()
        finding = item.data(_FINDING) if item else None
        if found is None or found.new.workflow is None or finding is None:
            return
        tab = "config" if finding.kind == "setting" else "versions"
        key = found.new.workflow
        self._desk.run(
            self, partial(_workflow_id, key), lambda id_: self._desk.navigator.go(Place("workflows", id_, tab))
        )

    def _copy(self) -> None:
        """As text, for a note or a mail."""
        found = self._comparison
        if found is None:
            return
        lines = [f"{found.old.label} → {found.new.label}", ""]
        lines += [f"{each.likelihood}: {each.sentence} ({each.why})" for each in found.findings]
        lines += ["", *(f"{task}, line {each.line}: {each.old} → {each.new}" for task, each in found.log.items())]
        QGuiApplication.clipboard().setText("\n".join(lines).strip())
        self._desk.notices.toast(tr("Copied the report"), None, "copy")


def _sentence(text: str) -> str:
    """With a capital, but where it begins with a name."""
    return text if "." in text.split(" ")[0] else text[:1].upper() + text[1:]


def _plain(line_: str | None) -> str:
    return tr("(its end)") if line_ is None else ansi.plain(line_.encode())


def _workflow_id(key: int) -> str:
    return workflows.get_workflow_by_key(key).id


def _sources(found: Comparison) -> tuple[str, str]:
    texts = [
        versions.get_version_by_key(each.version).source if each.version else "" for each in (found.old, found.new)
    ]
    return texts[0], texts[1]


class _FindingDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, 76)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        finding, rect = index.data(_FINDING), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if finding is None:
            painting.text(painter, rect.adjusted(20, 0, -8, 0), str(index.data()), "text2", theme.font())
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(8, 2, -8, -2), 6, 6)
            painter.fillRect(QRectF(rect.left() + 8, rect.top() + 12, 3, rect.height() - 24), theme.colour("accent"))
        colour = next(colour for least, colour in _COLOURS if finding.score >= least)
        left = rect.left() + 48
        icons.paint(
            painter, QRectF(rect.left() + 20, rect.top() + 10, 16, 16), _ICONS.get(finding.kind, "info"), "accent_text"
        )
        top = QRectF(left, rect.top() + 7, rect.width() - 70, 15)
        painting.text(painter, top, tr(finding.kind.capitalize()), "text2", theme.font("caption"))
        painting.text(
            painter,
            top,
            finding.likelihood.capitalize(),
            colour,
            theme.font("caption", 600),
            Qt.AlignmentFlag.AlignRight,
        )
        sentence = _sentence(finding.sentence)
        painting.text(
            painter, QRectF(left, rect.top() + 23, rect.width() - 70, 18), sentence, "text", theme.font("body", 600)
        )
        painting.text(
            painter, QRectF(left, rect.top() + 41, rect.width() - 70, 16), finding.why, "text2", theme.font("small")
        )
        bar = QRectF(left, rect.bottom() - 14, rect.width() - 70, 3)
        painter.fillRect(bar, theme.colour("line"))
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * finding.score / 100, 3), theme.colour(colour))
        painter.restore()


class _TaskBars(QWidget):
    """How long each task took in both."""

    _ROW = 28

    def __init__(self) -> None:
        super().__init__()
        self._pairs: tuple[TaskPair, ...] = ()

    def show_pairs(self, found: Comparison) -> None:
        self._pairs = tuple(pair for pair in found.tasks if pair.item == 0)[:40]
        told = (f"{pair.label}: {duration(_ms(pair.old))} → {duration(_ms(pair.new))}" for pair in self._pairs)
        self.setAccessibleName("; ".join(told))
        self.setMinimumHeight(self._ROW * len(self._pairs) + 4)
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right_ = Qt.AlignmentFlag.AlignRight
        longest = max((_ms(each) or 0 for pair in self._pairs for each in (pair.old, pair.new)), default=0) or 1
        left, right = 160, self.width() - 190
        for number, pair in enumerate(self._pairs):
            y = number * self._ROW
            status = task_status(pair.new) if pair.new else "skipped"
            shown = look(status)
            painting.status_icon(painter, QRectF(0, y + 7, 14, 14), shown.icon, shown.colour)
            painting.text(painter, QRectF(22, y, left - 30, self._ROW), pair.label, "text", theme.font("body", 500))
            colours = ("outline", "running" if status in ("completed", "skipped", "running", "pending") else status)
            painter.setPen(Qt.PenStyle.NoPen)
            for side, (each, colour) in enumerate(zip((pair.old, pair.new), colours, strict=True)):
                if (ms := _ms(each)) is not None:
                    painter.setBrush(theme.colour(colour))
                    width = max(4.0, (right - left) * ms / longest)
                    painter.drawRoundedRect(QRectF(left, y + 7 + side * 8, width, 6), 3, 3)
            old, new = _ms(pair.old), _ms(pair.new)
            words = f"{duration(old)} → {duration(new)}"
            painting.text(
                painter,
                QRectF(right + 6, y, 120, self._ROW),
                words,
                "text2",
                theme.font("small"),
                Qt.AlignmentFlag.AlignRight,
            )
            if old and new is not None:
                change = round((new - old) / old * 100)
                painting.text(painter, QRectF(right + 128, y, 58, self._ROW), f"{change:+d} %",
                              "failed" if change > 100 else "text2", theme.font("small", 500), right_)  # fmt: skip
            painter.fillRect(QRectF(0, y + self._ROW - 1, self.width(), 1), theme.colour("line"))
        painter.end()


def _ms(row_: TaskExecution | None) -> int | None:
    return row_.duration_ms if row_ else None
