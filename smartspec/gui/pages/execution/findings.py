"""The differences between two executions as a list, the most likely cause first."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from smartspec.domain.compare.comparison import Comparison, Finding
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import template_of, tr, translate
from smartspec.vocabulary import FINDING_WORDS, LIKELIHOOD_WORDS

Index = QModelIndex | QPersistentModelIndex
_FINDING = int(Qt.ItemDataRole.UserRole) + 1
_ICONS = {
    "definition": "git-pull-request", "setting": "sliders-horizontal", "input": "brackets-curly", "environment": "cpu",
    "disk": "hard-drives", "output": "brackets-curly", "duration": "timer", "start": "play",
}  # fmt: skip
_HEIGHT = 76
_COLOURS = ((85, "failed"), (60, "retrying"), (30, "text2"), (0, "text3"))


class Findings(QListWidget):
    """`chosen` carries a Finding, or None where nothing differs."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setItemDelegate(_FindingDelegate(self))
        self.setAccessibleName(tr("Differences, most likely cause first"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # what it stands in scrolls
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(lambda now, _: self.chosen.emit(now.data(_FINDING) if now else None))

    @property
    def finding(self) -> Finding | None:
        item = self.currentItem()
        found: Finding | None = item.data(_FINDING) if item else None
        return found

    def show_findings(self, comparison: Comparison) -> None:
        self.clear()
        found = comparison.findings
        for each in found:
            sentence = sentence_of(each)
            item = QListWidgetItem(f"{translate(LIKELIHOOD_WORDS[each.likelihood])}: {sentence}")
            item.setToolTip(plain_tip(f"{sentence}\n{translate(each.why)}"))
            item.setData(_FINDING, each)
            self.addItem(item)
        if not found:
            nothing = tr("Nothing that is recorded differs"), tr("Nothing is recorded but how they ended")
            self.addItem(nothing[not comparison.is_recorded])
        self.setFixedHeight(_HEIGHT * self.count() + 4)
        self.setCurrentRow(0)


def sentence_of(finding: Finding) -> str:
    """With a capital, but where it begins with a name."""
    text = translate(finding.sentence)
    begins_with_name = template_of(finding.sentence).startswith("{")
    return text if begins_with_name else text[:1].upper() + text[1:]


def parts_of(finding: Finding) -> tuple[str, str]:
    """A headline, and below it the values or else the reason; whole they stand in the tooltip and beside the list."""
    head, colon, values = sentence_of(finding).partition(": ")
    return (head, values) if colon else (head, translate(finding.why))


class _FindingDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        finding, rect = index.data(_FINDING), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if finding is None:
            painting.text(painter, rect.adjusted(20, 0, -8, 0), str(index.data()), "text2", theme.font())
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painting.plate(painter, rect.adjusted(8, 2, -8, -2), "accent_soft")
            painter.fillRect(QRectF(rect.left() + 8, rect.top() + 12, 3, rect.height() - 24), theme.colour("accent"))
        colour = next(colour for least, colour in _COLOURS if finding.score >= least)
        left = rect.left() + 48
        icons.paint(
            painter, QRectF(rect.left() + 20, rect.top() + 10, 16, 16), _ICONS.get(finding.kind, "info"), "accent_text"
        )
        top = QRectF(left, rect.top() + 7, rect.width() - 70, 15)
        painting.text(painter, top, translate(FINDING_WORDS[finding.kind]), "text2", theme.font("caption"))
        painting.text(
            painter,
            top,
            translate(LIKELIHOOD_WORDS[finding.likelihood]),
            colour,
            theme.font("caption", 600),
            Qt.AlignmentFlag.AlignRight,
        )
        sentence, detail = parts_of(finding)
        painting.text(
            painter, QRectF(left, rect.top() + 23, rect.width() - 70, 18), sentence, "text", theme.font("body", 600)
        )
        painting.text(
            painter,
            QRectF(left, rect.top() + 41, rect.width() - 70, 16),
            detail,
            "text2",
            theme.font("small"),
        )
        bar = QRectF(left, rect.bottom() - 14, rect.width() - 70, 3)
        painter.fillRect(bar, theme.colour("line"))
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * finding.score / 100, 3), theme.colour(colour))
        painter.restore()
