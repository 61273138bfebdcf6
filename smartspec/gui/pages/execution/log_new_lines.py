"""Below a log that does not follow its end: how many lines came since, and the way to them."""

from __future__ import annotations

from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.log.view import LogView
from smartspec.messages import trn


class NewLines(Chip):
    """It lies over the view; pressed it leads to the end."""

    def __init__(self, view: LogView) -> None:
        super().__init__("", "arrow-down", "accent_text", checkable=False, soft=True)
        self._view = view
        self._unseen = 0
        self._was_read = False
        self.setParent(view)
        self.hide()
        self.clicked.connect(lambda: view.set_follows(True))
        view.followed.connect(self._on_followed)

    def begin(self) -> None:
        """Another log comes, or the same with other lines: nothing of it is new."""
        self._unseen, self._was_read = 0, False
        self._show_unseen()

    def note_lines(self, new: int, *, is_read: bool) -> None:
        """So many more lines; they are new once all that there was `is_read`."""
        if self._was_read and not self._view.follows:
            self._unseen += max(0, new)
        self._was_read = self._was_read or is_read
        self._show_unseen()

    def _on_followed(self, follows: bool) -> None:
        self._unseen = 0 if follows else self._unseen
        self._show_unseen()

    def _show_unseen(self) -> None:
        self.setVisible(self._unseen > 0)
        if self._unseen:
            self.set_word(trn("{n} new line", "{n} new lines", self._unseen))
            self.place()

    def place(self) -> None:
        """In the middle above the lower edge of the view."""
        self.adjustSize()
        room = self._view.viewport().size()
        self.move((room.width() - self.width()) // 2, room.height() - self.height() - 8)
        self.raise_()
