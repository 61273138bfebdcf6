"""History by session: the table with what there is to say instead of it, and its count."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex

from smartspec.changes import Topic
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.history.sessions_view import SessionsView
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, trn


class SessionsPane(Pane):
    topics = frozenset({Topic.EXECUTIONS})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.view = SessionsView(context)
        self.states = ContentStates(self.view)
        self.count = label("", "caption")
        self.view.sessions.settled.connect(self._on_settled)
        self.view.sessions.failed.connect(lambda error: self.states.show_error(error, self.read_sessions))
        foot = frame("surface")
        foot.setLayout(row(label(tr("Enter shows the executions of a session"), "caption"), None, self.count,
                           margins=(16, 2, 14, 2)))  # fmt: skip
        foot.setMinimumHeight(33)
        self.setLayout(column(self.states, line(), foot, spacing=0, fill=self.states))

    def read_sessions(self) -> None:
        if not self.view.sessions.rows:
            self.states.show_loading()
        self.view.sessions.read_from_top()

    def reload(self) -> None:
        if self.view.sessions.is_loading:
            self.reload_soon()
        else:
            self.view.sessions.read_from_top()

    def _on_settled(self) -> None:
        rows = self.view.sessions
        if not rows.rows:
            self.states.show_empty(
                "link", tr("No execution has a session yet"),
                tr("Programs give one to what belongs together: smartspec run NAME --session TEXT"),
            )  # fmt: skip
            self.count.setText("")
            return
        self.states.show_content()
        more = rows.canFetchMore(QModelIndex())
        self.count.setText(
            trn("The newest {n} session", "The newest {n} sessions", len(rows.rows)) if more
            else trn("{n} session", "{n} sessions", len(rows.rows))
        )  # fmt: skip
