"""Which version a run with parameters takes, and what is not run."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from smartspec.domain import times
from smartspec.gui.pages.workflows.run_choices import RunChoices, VersionChoice
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, trn


class VersionStrip(QFrame):
    """`chosen`: another target. At first the draft, which is what stands on the screen, else the newest version."""

    chosen = Signal()

    def __init__(self, choices: RunChoices) -> None:
        super().__init__()
        self.setProperty("role", "sheetStrip")
        self._choices = choices
        self.box = Choice(tr("Version"))
        self.box.setMaximumWidth(300)
        self._targets = [each for each in _in_order(choices) if not each.errors]
        for each in self._targets:
            self.box.addItem(icons.icon("git-commit", "accent_text"), _words(each, choices))
        name = label(tr("Version"), "secondary")
        name.setBuddy(self.box)
        self._dot = Icon("circle-fill", "retrying", 7)
        self._not_run = label("", "small")
        self._not_run.setWordWrap(True)
        layout = row(name, 4, self.box, 4, self._dot, self._not_run, margins=(24, 7, 24, 7))
        layout.setStretchFactor(self._not_run, 1)
        self.setLayout(layout)
        self.box.currentIndexChanged.connect(self._on_chosen)
        self._show_hint()

    @property
    def target(self) -> VersionChoice:
        return self._targets[max(0, self.box.currentIndex())]

    def _on_chosen(self) -> None:
        self._show_hint()
        self.chosen.emit()

    def _show_hint(self) -> None:
        draft = self._choices.draft
        told = ""
        if self.target.is_draft:
            told = tr("Saved as v{version} when you run", version=self.target.version)
        elif draft is not None and draft.errors:
            told = trn(
                "The draft is not run: it has {n} error", "The draft is not run: it has {n} errors", draft.errors
            )
        elif draft is not None:
            told = tr("The draft of v{version} is not run", version=draft.version)
        self._not_run.setText(told)
        self._dot.setVisible(bool(told))


def _in_order(choices: RunChoices) -> list[VersionChoice]:
    draft = choices.draft
    return [*([draft] if draft else []), *(each for each in choices.targets if not each.is_draft)]


def _words(target: VersionChoice, choices: RunChoices) -> str:
    moment = ago(target.created_at, times.now())
    if target.is_draft:
        return tr("v{version}  draft, {moment}", version=target.version, moment=moment)
    if target is choices.targets[0]:
        return tr("v{version}  newest, {moment}", version=target.version, moment=moment)
    return tr("v{version}  {moment}", version=target.version, moment=moment)
