"""Below the settings of a workflow: whether it sends pings, what became of the last, and what can be done about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.commands import pings
from smartspec.domain import times
from smartspec.domain.ping import Ping, PingKind, kind_in_text, source_in_text, why_not
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.workflows.ping_dialog import ask_for_address
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import confirm
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

_HEIGHT = 41
_NARROW = 560


class PingRow(Pane):
    """The address itself is never shown: it can be tried, replaced and removed."""

    topics = frozenset({Topic.CONFIGS})

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._ping: Ping | None = None
        self._icon, self._name = Icon("broadcast", "text2", 14), label(tr("Pings"), "name")
        self._name.setToolTip(tr("A service elsewhere is told of each execution, and notices when none comes"))
        self.state = Elided("secondary")
        self.set_button = button(tr("Set…"), then=self._ask)
        self.set_button.setAccessibleName(tr("Set where pings are sent"))
        self.test_button = button(tr("Test"), "ghost", then=self.try_it)
        self.test_button.setToolTip(tr("Sends “success” now: the service takes it for the truth"))
        self.remove_button = button(tr("Remove…"), "ghost", then=self.remove)
        self.remove_button.setAccessibleName(tr("Send no pings any more"))
        layout = row(self._icon, self._name, 8, self.state, self.test_button, self.remove_button, self.set_button,
                     margins=(20, 6, 14, 6))  # fmt: skip
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self.setMinimumHeight(_HEIGHT)
        self.setAccessibleName(tr("Pings"))
        self._show_ping("", None)

    def show_workflow(self, workflow: Workflow) -> None:
        if self._workflow is None or self._workflow.id != workflow.id:
            self._show_ping(workflow.id, None)
        self._workflow = workflow
        self.invalidate()

    def is_about_this(self, change_set: ChangeSet) -> bool:
        return self._workflow is not None and self._workflow.pk in change_set.ids_of(Topic.CONFIGS)

    def reload(self) -> None:
        if self._workflow is not None:
            id_ = self._workflow.id
            self.context.run(self, partial(pings.get_ping, id_, self.context.workspace), partial(self._on_read, id_))

    def _on_read(self, id_: str, found: Ping) -> None:
        if self._workflow is not None and self._workflow.id == id_:
            self._show_ping(id_, found)

    def _show_ping(self, _id: str, ping: Ping | None) -> None:
        self._ping = ping
        is_set = ping is not None and ping.source is not None
        for each in (self.test_button, self.remove_button):
            each.setVisible(is_set)
        self.set_button.setText(tr("Change…") if is_set else tr("Set…"))
        self.set_button.setEnabled(ping is not None)
        self.show_ages()

    def show_ages(self) -> None:
        self.state.setText(self._told())

    def _told(self) -> str:
        ping = self._ping
        if ping is None:
            return ""
        if ping.source is None:
            return tr("None are sent: nobody elsewhere notices when it does not run.")
        where = source_in_text({"source": ping.source.value, "variable": ping.variable})
        if ping.last is None:
            return tr("The address is {where}; none was sent yet.", where=where)
        said = {
            "where": where, "kind": kind_in_text(ping.last.kind), "age": ago(ping.last.at, times.now()),
            "of": ping.last.execution or tr("a test"), "why": why_not(ping.last.reason or ""),
        }  # fmt: skip
        if ping.last.reason is None:
            return tr("Last: {kind}, {of}, {age}; answered. The address is {where}.", **said)
        return tr("Last: {kind}, {of}, {age}; not answered: {why}. The address is {where}.", **said)

    # What can be done

    def _ask(self) -> None:
        if self._workflow is not None:
            ask_for_address(self.context, self._workflow, self._on_set, self)

    def _on_set(self) -> None:
        self.context.notifications.toast(tr("Pings are sent from now on"), None, "broadcast")

    def try_it(self) -> None:
        """Off the window's thread: it takes 5 s at most."""
        if self._workflow is None:
            return
        self.test_button.setEnabled(False)
        send = partial(_send_trial, self._workflow.id, self.context.workspace)
        self.context.run(self, send, self._on_tried, self._on_refused, worker="slow")

    def _on_tried(self, reason: str | None) -> None:
        self.test_button.setEnabled(True)
        if reason is None:
            self.context.notifications.toast(tr("The ping was answered"), None, "broadcast")
        else:
            told = tr("The ping was not answered: {why}", why=why_not(reason))
            self.context.notifications.toast(told, None, "warning")

    def _on_refused(self, error: SmartSpecError) -> None:
        self.test_button.setEnabled(True)
        self.context.notifications.notify_error(error)

    def remove(self) -> None:
        if self._workflow is None or not confirm(
            self, tr("Send no pings of {name} any more?", name=self._workflow.name),
            tr("The address is forgotten; this cannot be undone. A service that waits for them will say that they"
               " stay away."), tr("Remove"),
        ):  # fmt: skip
            return
        self.context.run(self, partial(pings.remove_ping, self._workflow.id, self.context.workspace), self._on_removed)

    def _on_removed(self, _was_set: bool) -> None:
        self.context.notifications.toast(tr("No pings are sent any more"), None, "broadcast")

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the state has the room; what it says is in its tooltip."""
        super().resizeEvent(event)
        self._name.setVisible(self.width() >= _NARROW)


def _send_trial(ref: str, workspace: str) -> str | None:
    from smartspec.runner.pings import trial  # what sends is imported when something is sent

    return trial.send_trial(ref, PingKind.SUCCESS, workspace)
