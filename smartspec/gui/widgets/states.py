"""The four states of whatever shows something: loading, empty, error, content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.style import theme
from smartspec.gui.widgets.buttons import button, follow
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, translate

_SKELETON_AFTER_MS = 150


class ContentStates(QStackedWidget):
    """Holds the content and shows instead of it what there is to say."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self._skeleton = _Skeleton()
        self._instead: QWidget | None = None
        self._said: tuple[object, ...] = ()
        self._do: Callable[[], object] = lambda: None
        self.addWidget(content)
        self.addWidget(self._skeleton)
        self._late = QTimer(self, singleShot=True, interval=_SKELETON_AFTER_MS)
        self._late.timeout.connect(lambda: self.setCurrentWidget(self._skeleton))

    def show_content(self) -> None:
        self._late.stop()
        self.setCurrentWidget(self.content)

    def show_loading(self) -> None:
        """A skeleton, but only when it takes a while: what flickers is worse than what waits."""
        self._late.start()

    def show_empty(
        self, icon: str, sentence: str, caption: str = "", action: tuple[str, Callable[[], object]] | None = None,
        *, follows: QAction | None = None,
    ) -> None:  # fmt: skip
        """The button of `action` can be pressed while what it `follows` can be done. What is there already stays, and
        so does the keyboard on its button.
        """
        said = (icon, sentence, caption, action[0] if action else "", follows)
        self._do = action[1] if action else self._do
        if self._instead is not None and said == self._said:
            self._late.stop()
            self.setCurrentWidget(self._instead)
            return
        gives_way = [Icon(icon, "text3", 28), *([_centred(caption, "caption")] if caption else [])]
        parts = [gives_way[0], _centred(sentence, "secondary"), *gives_way[1:]]
        buttons = [button(action[0], then=lambda: self._do())] if action else []
        if follows is not None:
            follow(buttons[0], follows)
        self._show_instead(parts, buttons, gives_way)
        self._said = said

    def show_error(self, error: SmartSpecError, retry: Callable[[], object] | None = None) -> None:
        """In place: what happened, retry, copy."""
        problems = error.problems if isinstance(error, Invalid) else ()
        details = "\n".join(translate(each.as_line) for each in problems)
        sentence = translate(error.sentence)
        parts = [Icon("warning-circle", "failed", 28), _centred(sentence, "")]
        text = f"{sentence}\n{details}".strip()
        copy = button(tr("Copy"), "ghost", "copy", lambda: QGuiApplication.clipboard().setText(text))
        buttons = [*([button(tr("Try again"), then=retry)] if retry else []), copy]
        self._show_instead(parts, buttons, parts[:1])

    def _show_instead(self, parts: Sequence[QWidget], buttons: Sequence[QWidget], gives_way: Sequence[QWidget]
                      ) -> None:  # fmt: skip
        self._late.stop()
        inner = column(None, *parts, row(None, *buttons, None), None, spacing=6, margins=(24, 12, 24, 12))
        inner.setAlignment(parts[0], Qt.AlignmentFlag.AlignHCenter)  # the picture
        made = _Instead(inner, gives_way)
        if self._instead is not None:
            self.removeWidget(self._instead)
            self._instead.deleteLater()
        self._instead, self._said = made, ()
        self.addWidget(made)
        self.setCurrentWidget(made)


class _Instead(QWidget):
    """Where there is little room, what `gives_way` is not shown, one after another: the button always is."""

    def __init__(self, layout: QVBoxLayout, gives_way: Sequence[QWidget]) -> None:
        super().__init__()
        self.setLayout(layout)
        self._layout, self._gives_way = layout, gives_way

    # Qt

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        given = [each.sizeHint().height() + self._layout.spacing() for each in self._gives_way if not each.isHidden()]
        return QSize(least.width(), least.height() - sum(given))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for each in self._gives_way:
            each.show()
        for each in self._gives_way:
            self._layout.activate()
            each.setVisible(self._layout.totalHeightForWidth(self.width()) <= self.height())


def _centred(text: str, role: str) -> QLabel:
    made = label(text, role)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setWordWrap(True)
    return made


class _Skeleton(QWidget):
    """Grey bars where text will be."""

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        for number, top in enumerate(range(14, self.height() - 14, theme.ROW)):
            width = self.width() * (0.7, 0.5, 0.6, 0.45)[number % 4]
            painter.drawRoundedRect(14, top, int(width), 10, 5, 5)
        painter.end()
