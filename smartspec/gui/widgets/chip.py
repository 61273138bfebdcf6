"""A chip: an icon, a word and a count in a small frame."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QMenu,
    QToolButton,
)

from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.labels import plain_tip


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
        self._caret, self._soft, self._folded = False, soft, False
        self._clear: Callable[[], object] | None = None
        self._tip = ""
        self._tips: tuple[str, ...] = ()  # those that folding set
        self.setText(text)
        self.setAccessibleName(text)

    def set_word(self, word: str) -> None:
        self._word = word
        self._update_word()

    def set_icon(self, icon: str, colour: str = "text2") -> None:
        self._icon, self._colour = icon, colour
        self.updateGeometry()
        self.update()

    def set_count(self, count: str) -> None:
        self._count = count
        self._update_word()

    def fold(self, folded: bool) -> None:
        """Only its icon and count, the word in the tooltip; and the word again."""
        self._folded = folded and bool(self._icon)
        self._update_word()

    def set_tip(self, tip: str) -> None:
        """What its tooltip says besides the word that folding takes away."""
        self._tip = tip
        self._update_word()

    def show_caret(self) -> None:
        """Something opens below it when it is pressed."""
        self._caret = True
        self.updateGeometry()

    def set_menu(self, menu: QMenu) -> None:
        """Pressed it opens a menu."""
        self._caret = True
        self.clicked.connect(lambda: menu.popup(self.mapToGlobal(self.rect().bottomLeft())))
        self.updateGeometry()

    def set_clearable(self, clear: Callable[[], object]) -> None:
        """While it is checked it ends in ×, which clears it, as Delete does."""
        self._clear = clear
        self.update()

    def _clears_at(self, point: QPoint) -> bool:
        return self._clear is not None and self.isChecked() and point.x() >= self.width() - 20

    def _update_word(self) -> None:
        self.setAccessibleName(f"{self._word} {self._count}".strip())
        if self._folded or self._tip or self.toolTip() in self._tips:
            word = self._word if self._folded else ""
            self.setToolTip(plain_tip("\n".join(filter(None, (word, self._tip)))))
            self._tips = ("", self.toolTip())
        self.updateGeometry()
        self.update()

    @property
    def _shown_word(self) -> str:
        return "" if self._folded else self._word

    def _parts(self) -> tuple[int, int]:
        metrics = QFontMetrics(theme.font("small", 500))
        count = QFontMetrics(theme.font("small"))
        return metrics.horizontalAdvance(self._shown_word), count.horizontalAdvance(self._count) if self._count else 0

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
        colour = "accent_text" if self._soft else "text" if self.isEnabled() else "text3"
        painting.text(
            painter, QRectF(x, 0, word + 2, self.height()), self._shown_word, colour, theme.font("small", 500)
        )
        x += word + 6 if word else 0
        if self._count:
            painting.text(painter, QRectF(x, 0, count + 2, self.height()), self._count, "text2", theme.font("small"))
            x += count + 4
        if self._caret:
            mark = "x" if checked and self._clear is not None else "caret-down"
            icons.paint(painter, QRectF(self.width() - 18, middle - 5, 10, 10), mark, tokens.text2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._clear is not None and self._clears_at(event.position().toPoint()):
            self._clear()
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clear is not None and self.isChecked() and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
