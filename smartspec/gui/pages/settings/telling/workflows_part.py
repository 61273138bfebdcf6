"""What is told of each workflow: those of which something else than all is told first, and whatever is looked for."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.changes import Topic
from smartspec.commands import notification_policies
from smartspec.commands.notification_policies import WorkflowPolicy
from smartspec.domain.notification.rules import Policy
from smartspec.domain.text import fold
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.settings.part import SettingsPart
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, row
from smartspec.gui.widgets.search_field import make_searching
from smartspec.messages import Message, _, tr, translate, trn

_MOST = 20
_WORDS: dict[Policy, Message] = {
    Policy.ALL: _("All"), Policy.FAILURES: _("Failures"), Policy.NONE: _("Nothing"),
}  # fmt: skip


class WorkflowsPart(SettingsPart):
    topics = frozenset({Topic.SETTINGS, Topic.WORKFLOWS})
    name, group = "workflows", "notifications"

    def __init__(self, context: AppContext) -> None:
        self.filter = QLineEdit()
        make_searching(self.filter)
        self.filter.setPlaceholderText(tr("Filter"))
        self.filter.setAccessibleName(tr("Filter the workflows"))
        self.filter.setFixedWidth(160)
        super().__init__(
            context, tr("Per workflow"),
            tr("What you are told of it; of an important one also in quiet hours, where that is chosen above."),
            tr("policy, all, failures, none, important, star, mute"), self.filter,
        )  # fmt: skip
        self.filter.textChanged.connect(lambda _text: self._show())
        self.lines: dict[str, PolicyLine] = {}
        self._found: tuple[WorkflowPolicy, ...] = ()
        self._fits = 0  # the filter

    def reload(self) -> None:
        read = partial(notification_policies.list_notification_policies, self.context.workspace)
        self.context.run(self, read, self._on_read, lambda _error: None)

    def take_keyboard(self) -> None:
        self.filter.setFocus()

    def _on_read(self, found: tuple[WorkflowPolicy, ...]) -> None:
        self._found = found
        self._show()

    def _show(self) -> None:
        """Lines that are as they were stay: one of them may have the keyboard."""
        word = fold(self.filter.text().strip())
        fits = [each for each in self._found if word in fold(each.name)]
        shown = sorted(fits, key=lambda each: each.is_usual)[:_MOST]
        if [each.id for each in shown] != [*self.lines] or len(fits) != self._fits or not shown:
            self._fits = len(fits)
            clear_layout(self.rows)
            self.lines = {each.id: self._made(each) for each in shown}
            self._add_rest(shown, len(fits), is_filtered=bool(word))
        for each in shown:
            self.lines[each.id].show_policy(each)

    def _add_rest(self, shown: list[WorkflowPolicy], fits: int, *, is_filtered: bool) -> None:
        more = fits - len(shown)
        if more > 0:
            text = trn("{n} other; the filter finds it", "{n} others; the filter finds them", more)
        elif not shown:
            text = tr("No workflow is called so") if is_filtered else tr("There is no workflow yet")
        else:
            return
        self.rows.addWidget(label(text, "secondary"))

    def _made(self, policy: WorkflowPolicy) -> PolicyLine:
        made = PolicyLine(policy)
        made.tell.activated.connect(lambda _at: self._save(made))
        made.important.clicked.connect(lambda _on: self._save(made))
        self.rows.addWidget(made)
        return made

    def _save(self, line: PolicyLine) -> None:
        save = partial(
            notification_policies.set_notification_policy, line.policy.id, str(line.tell.currentData()),
            important=line.important.isChecked(), workspace=self.context.workspace,
        )  # fmt: skip
        self.context.run(self, save)


class PolicyLine(QWidget):
    def __init__(self, policy: WorkflowPolicy) -> None:
        super().__init__()
        self.policy = policy
        self.name = Elided()
        self.name.setText(policy.name)
        self.tell = Choice(tr("What is told of {name}", name=policy.name))
        for each, word in _WORDS.items():
            self.tell.addItem(translate(word), each.value)
        self.important = Chip(tr("Important"))
        self.important.setAccessibleName(tr("{name} is important", name=policy.name))
        layout = row(self.name, self.important, self.tell, spacing=8, margins=(0, 3, 0, 3))
        layout.setStretchFactor(self.name, 1)
        self.setLayout(layout)

    def show_policy(self, policy: WorkflowPolicy) -> None:
        self.policy = policy
        self.name.setText(policy.name)
        self.tell.setCurrentIndex([*Policy].index(policy.policy))
        self.important.setChecked(policy.is_important)
        self.important.setEnabled(policy.policy is not Policy.NONE)
