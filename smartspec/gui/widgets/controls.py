"""Small controls in the one look: labels, buttons, chips, the switch, the search field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from smartspec.gui import icons, theme
from smartspec.gui.words import tr


def label(text: str = "", role: str = "", parent: QWidget | None = None, *, selectable: bool = False) -> QLabel:
    """Plain text, whatever it holds."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


class Elided(QLabel):
    """A line of text that gives way: cut with … where there is no room, whole in its tooltip."""

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._full = ""

    def setText(self, text: str) -> None:
        self._full = text
        self._fit()

    @property
    def full_text(self) -> str:
        return self._full

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, max(0, self.width()))
        super().setText(shown)
        self.setToolTip(plain_tip(self._full) if shown != self._full else "")

    # Qt

    def resizeEvent(self, event: object) -> None:
        self._fit()


def plain_tip(text: str) -> str:
    """A text that a tooltip shows as it stands."""
    if "<" not in text:
        return text
    from html import escape  # it knows 2,000 names of letters

    return escape(text, quote=False).replace("\n", "<br>")


def button(text: str, kind: str = "", icon: str = "", then: Callable[[], object] | None = None) -> QPushButton:
    """`kind` is primary, ghost, link or nothing."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if kind == "primary" else "text2"))
        made.setIconSize(QSize(19, 16) if text else QSize(16, 16))
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if then is not None:
        made.clicked.connect(lambda: then())
    return made


def icon_button(
    icon: str, name: str, then: Callable[[], object] | None = None, *, checkable: bool = False
) -> QToolButton:
    """A button without words; its name is its tooltip and what a screen reader says."""
    made = QToolButton()
    made.setProperty("kind", "icon")
    made.setIcon(icons.icon(icon))
    made.setIconSize(QSize(16, 16))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCheckable(checkable)
    if then is not None:
        made.clicked.connect(lambda: then())
    return made


class Chip(QToolButton):
    """An icon, a word and a count in a small frame; checked it narrows what is shown."""

    def __init__(
        self, text: str, icon: str = "", colour: str = "text2", *, checkable: bool = True, soft: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("kind", "chip")
        self.setCheckable(checkable)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(14, 14))
        self._word, self._count, self._icon, self._colour = text, "", icon, colour
        self._caret, self._soft = False, soft
        self.setText(text)
        self.setAccessibleName(text)

    def set_word(self, word: str) -> None:
        self._word = word
        self._update_word()

    def set_count(self, count: str) -> None:
        self._count = count
        self._update_word()

    def set_menu(self, menu: QMenu) -> None:
        """Pressed it opens a menu."""
        self._caret = True
        self.clicked.connect(lambda: menu.popup(self.mapToGlobal(self.rect().bottomLeft())))
        self.updateGeometry()

    def _update_word(self) -> None:
        self.setAccessibleName(f"{self._word} {self._count}".strip())
        self.updateGeometry()
        self.update()

    def _parts(self) -> tuple[int, int]:
        metrics = QFontMetrics(theme.font("small", 500))
        count = QFontMetrics(theme.font("small"))
        return metrics.horizontalAdvance(self._word), count.horizontalAdvance(self._count) if self._count else 0

    # Qt

    def sizeHint(self) -> QSize:
        word, count = self._parts()
        icon = 19 if self._icon else 0
        gap = 6 if count and word else 0
        height = max(24, QFontMetrics(theme.font("small")).height() + 8)
        return QSize(8 + icon + word + gap + count + (14 if self._caret else 0) + 8, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens()
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        checked = self.isChecked()
        back = "accent_soft" if checked or self._soft else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.colour(back))
        edge = QPen(
            theme.colour(
                "focus" if self.hasFocus() else "accent" if checked else "accent_soft" if self._soft else "line_strong"
            )
        )
        edge.setWidthF(2 if self.hasFocus() else 1)
        painter.setPen(edge)
        painter.drawRoundedRect(rect, 6, 6)
        x, middle = 8.0, self.height() / 2
        if self._icon:
            icons.paint(
                painter, QRectF(x, middle - 7, 14, 14), self._icon, self._colour if self.isEnabled() else "text3"
            )
            x += 19
        word, count = self._parts()
        painter.setFont(theme.font("small", 500))
        painter.setPen(theme.colour("accent_text" if self._soft else "text" if self.isEnabled() else "text3"))
        painter.drawText(QRectF(x, 0, word + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self._word)
        x += word + 6
        if self._count:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text2"))
            painter.drawText(QRectF(x, 0, count + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self._count)
            x += count + 4
        if self._caret:
            icons.paint(painter, QRectF(self.width() - 18, middle - 5, 10, 10), "caret-down", tokens.text2)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()


class Choice(QComboBox):
    """One of several, with a caret of our own."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    # Qt

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(28, 0)  # the caret

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, QRectF(self.width() - 21, self.height() / 2 - 5, 10, 10), "caret-down", "text2")
        painter.end()


class Tabs(QTabBar):
    """The tabs of a page. The selected one is bold and so wider: there is room for that."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)

    # Qt

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(16, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Switch(QAbstractButton):
    """On or off, with its word beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(36, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        track = QRectF(2, 3, 32, 16)
        painter.setPen(QPen(theme.colour("accent" if on else "outline"), 1.2))
        painter.setBrush(theme.colour("accent" if on else "surface"))
        painter.drawRoundedRect(track, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_accent" if on else "outline"))
        painter.drawEllipse(QPointF(26 if on else 10, 11), 5.5, 5.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(1, 1, 34, 20), 10, 10)
        painter.end()


def search_field(hint: str, name: str) -> QLineEdit:
    """A line to search with."""
    made = QLineEdit()
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    make_searching(made)
    return made


def make_searching(field: QLineEdit) -> None:
    """Give a line the look of a search, and a button that clears it."""
    field.setProperty("kind", "search")
    field.setClearButtonEnabled(True)
    field.addAction(icons.icon("magnifying-glass", "text3"), QLineEdit.ActionPosition.LeadingPosition)
    for each in field.findChildren(QToolButton):
        each.setAccessibleName(tr("Clear") if each.objectName() == "_q_qlineeditclearbutton" else tr("Search"))


def frame(role: str, name: str = "") -> QFrame:
    """`role` is pane, surface, strip, card or overlay."""
    made = QFrame()
    made.setProperty("role", role)
    if name:
        made.setObjectName(name)
    return made


def line(vertical: bool = False) -> QFrame:
    """A hairline between panes."""
    made = QFrame()
    made.setProperty("role", "hairline")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def row(
    *parts: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Side by side: a number is room in pixels, None takes what is left."""
    made = QHBoxLayout()
    _fill_layout(made, parts, spacing, margins)
    return made


def column(
    *parts: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """As `row`, from top to bottom."""
    made = QVBoxLayout()
    _fill_layout(made, parts, spacing, margins)
    return made


def _fill_layout(layout: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget | QLayout | int | None, ...], spacing: int,
          margins: tuple[int, int, int, int]) -> None:  # fmt: skip
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet looks at."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
