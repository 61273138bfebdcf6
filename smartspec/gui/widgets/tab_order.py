"""The way of Tab, and of a screen reader, through parts of a window: as they are seen, not as they were made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSplitter, QWidget


def step(window: QWidget, parts: Sequence[QWidget], *, is_next: bool) -> bool:
    """Give the keyboard to what comes next or before, from one part to another; what stands in none comes last.

    Qt goes by when each was made, which a tab does when it is first gone to.
    """
    chain = sorted(focus_chain(window), key=lambda each: _place(each, parts))
    focused = QApplication.focusWidget() or window.focusWidget()
    at = next((n for n, each in enumerate(chain) if each is focused), -1)
    rest = [*chain[at + 1 :], *chain[: max(at, 0)]] if is_next else [*chain[: max(at, 0)][::-1], *chain[at + 1 :][::-1]]
    found = next((each for each in rest if _is_stop(each)), None)
    if found is None:
        return False
    found.setFocus(Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason)
    return True


def focus_chain(window: QWidget) -> list[QWidget]:
    """Every widget of a window behind the window itself, in the order in which Qt would go through them.

    To PySide what `nextInFocusChain` answers is a child of who was asked. So each is given to its own parent again,
    which changes nothing of the window: else what is made of C++ (an action of a menu, a timer) is taken for gone as
    soon as the widget before it in the chain is deleted.
    """
    found, each = [], window.nextInFocusChain()
    while each is not None and each is not window:
        found.append(each)
        each = each.nextInFocusChain()
    for each in (*found, window):
        each.setParent(each.parentWidget())
    return found


def _is_stop(widget: QWidget) -> bool:
    takes_it = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return takes_it and widget.isVisible() and widget.isEnabled()


def _place(widget: QWidget, parts: Sequence[QWidget]) -> int:
    return next((n for n, part in enumerate(parts) if part is widget or part.isAncestorOf(widget)), len(parts))


def read_in_order(splitter: QSplitter) -> None:
    """A splitter puts each part that it is given before the others, where it is read out."""
    for number in reversed(range(splitter.count())):
        part = splitter.widget(number)
        assert part is not None
        part.lower()
