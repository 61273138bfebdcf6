"""What is worth knowing of a simulation, line by line: a click goes to its day, and some have something to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from smartspec.domain.schedule.simulated_findings import Finding, FindingKind
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import clear_layout, column, row
from smartspec.messages import tr, translate, trn

K = FindingKind
_ICONS = {
    K.LEFT_OUT: ("warning", "retrying"), K.UNREADABLE: ("x-circle-fill", "failed"),
    K.CLOCK: ("clock-counter-clockwise", "retrying"), K.OVERLAP: ("stack", "retrying"), K.CROWD: ("queue", "retrying"),
}  # fmt: skip
_PLAIN = ("info", "text2")
_MOST = 30
_GAP, _RIGHT = 4, 8
Fix = tuple[str, Callable[[], object]]


class FindingList(QWidget):
    """`day_chosen` carries the day of the one that was pressed."""

    day_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(_GAP)
        self.rows: list[FindingRow] = []
        self._fitted: list[_Line] = []
        self.setLayout(column(self._lines, None, margins=(0, 0, _RIGHT, 8)))

    def show_findings(self, findings: Sequence[Finding], fix_of: Callable[[Finding], Fix | None]) -> None:
        """`fix_of` is what can be done about one: a verb, and what does it."""
        clear_layout(self._lines)
        self.rows, self._fitted = [], []
        for each in findings[:_MOST]:
            made = FindingRow(each)
            made.clicked.connect(partial(self._on_pressed, made))
            self.rows.append(made)
            self._fitted.append(_Line(made, fix_of(each)))
            self._lines.addWidget(self._fitted[-1])
        more = len(findings) - len(self.rows)
        if more:
            self._lines.addWidget(label(trn("and {n} more", "and {n} more", more), "secondary"))
        if not self.rows:
            self._lines.addWidget(label(tr("Nothing overlaps, and nothing waits."), "secondary"))
        else:
            self.setFocusProxy(self.rows[0])
        self._fit()

    def _fit(self) -> None:
        """As high as the lines are at this width: a scroll area goes by that alone."""
        heights = [each.fit(self.width() - _RIGHT) for each in self._fitted]
        self.setMinimumHeight(sum(heights) + _GAP * len(heights) + 40)

    def _on_pressed(self, pressed: FindingRow) -> None:
        for each in self.rows:
            each.setChecked(each is pressed)
        if pressed.finding.day is not None:
            self.day_chosen.emit(pressed.finding.day)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class _Line(QWidget):
    """A finding, and at its right what can be done about it."""

    def __init__(self, made: FindingRow, fix: Fix | None) -> None:
        super().__init__()
        self._row = made
        self._verb = button(fix[0], "link", then=fix[1]) if fix is not None else None
        layout = row(made, spacing=_GAP)
        layout.setStretchFactor(made, 1)
        if self._verb is not None:
            self._verb.setAccessibleDescription(translate(made.finding.headline))
            layout.addWidget(self._verb)
        self.setLayout(layout)

    def fit(self, width: int) -> int:
        """The height that it takes then."""
        verb = self._verb.sizeHint().width() + _GAP if self._verb is not None else 0
        height = self._row.height_at(width - verb)
        self._row.setFixedHeight(height)
        self.setFixedHeight(height)
        return height


class FindingRow(QAbstractButton):
    """The headline with its icon, and what it means in at most two lines; the whole of it in the tooltip."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        self._headline, self._detail = translate(finding.headline), translate(finding.detail)
        self.setCheckable(True)
        self.setAccessibleName(f"{self._headline}. {self._detail}")
        self.setToolTip(f"{self._headline}\n{self._detail}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def height_at(self, width: int) -> int:
        """So that all its words are seen, but for the end of a very long one."""
        metrics = QFontMetrics(theme.font("small"))
        room = metrics.boundingRect(0, 0, max(60, width - 38), 10_000, int(Qt.TextFlag.TextWordWrap), self._detail)
        return 30 + min(room.height(), 4 * metrics.lineSpacing())

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(240, self.height_at(240))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painting.plate(painter, whole, "accent_soft" if self.isChecked() else "hover")
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(whole.adjusted(1, 1, -1, -1), 6, 6)
        icon, colour = _ICONS.get(self.finding.kind, _PLAIN)
        icons.paint(painter, QRectF(8, 6, 14, 14), icon, colour)
        painting.text(painter, QRectF(30, 4, whole.width() - 36, 18), self._headline, "text", theme.font("small", 600))
        room = QRectF(30, 23, whole.width() - 38, whole.height() - 24)
        painting.paragraph(painter, room, self._detail, "text2", theme.font("small"))
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
