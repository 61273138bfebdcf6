"""Above the tabs of an execution: what became of it, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from smartspec.domain.engine.states import ACTIVE
from smartspec.domain.execution import Execution
from smartspec.domain.invisible import escape_invisible
from smartspec.domain.text import one_line
from smartspec.formatting import format_seconds
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.outcome_words import outcome
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import exact, number
from smartspec.gui.style.status import StatusStyle, execution_style, trigger
from smartspec.gui.widgets.announcer import Announcer
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.folding import fold_in_turn
from smartspec.gui.widgets.labels import Elided, label, plain_tip
from smartspec.gui.widgets.layout import restyle, row
from smartspec.gui.widgets.menus import action_menu, show_below
from smartspec.messages import tr, trn
from smartspec.value import frozen

_SOFT = {"completed": "ok_soft", "failed": "bad_soft", "timeout": "bad_soft", "interrupted": "warn_soft",
         "running": "info_soft"}  # fmt: skip

_LONGEST_NAME = 60  # characters of it above the title


class ExecutionHeader(QWidget):
    """`round_chosen`: another attempt of it is to be shown; `stepped`: the execution before (-1) or after (1)."""

    round_chosen = Signal(int)
    stepped = Signal(int)

    def __init__(self, context: AppContext, verdict: Chip) -> None:
        """`verdict` stands beside the title."""
        super().__init__()
        self._context, self._verdict = context, verdict
        self._workflow = ""
        self._disabled: set[str] = set()
        actions = context.actions
        self.workflow = button("", "link", then=self._open_workflow)
        self.crumb = label("", "secondary")
        self.parent_link = button("", "link", then=self._open_parent)
        self._parent = ""
        self.badge = _Badge()
        self.title = Elided("title", takes_its_width=True)
        self.version = Chip("", "git-commit", "accent_text", checkable=False, soft=True)
        self.version.clicked.connect(lambda: context.navigator.go(Location("workflows", self._workflow, "versions")))
        self.rounds = Choice(tr("Attempt of the execution"))
        self.rounds.activated.connect(lambda _: self.round_chosen.emit(self.rounds.currentData()))
        self.verbs = {
            name: button(word, "", icon, actions[name].trigger)
            for name, word, icon in (
                ("stop", tr("Stop"), "stop"),
                ("pause", tr("Pause"), "pause"),
                ("resume", tr("Resume"), "play"),
                ("replay", tr("Replay"), "clock-counter-clockwise"),
                ("again", tr("Run again"), "repeat"),
                ("rerun", tr("Re-run failed"), "arrow-clockwise"),
            )
        }
        self.more = icon_button("dots-three", tr("More"), self._popup_more)
        self.previous = icon_button("caret-left", tr("The execution before"), lambda: self.stepped.emit(-1))
        self.next = icon_button("caret-right", tr("The execution after"), lambda: self.stepped.emit(1))
        self.facts = _Facts()
        self.announcer = Announcer(self)
        self._told: tuple[str, str] | None = None  # the execution, and the status that it had when it was last shown
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 8, 12, 0)
        layout.setSpacing(6)
        layout.addLayout(row(self.workflow, icon_label(), self.crumb, self.parent_link, None, self.previous, self.next))
        layout.addLayout(
            row(self.badge, self.title, self.version, self.rounds, verdict, None, *self.verbs.values(), self.more)
        )
        layout.addWidget(self.facts)

    def show_detail(self, detail: Detail) -> None:
        execution, self._workflow = detail.execution, detail.workflow
        shown = execution_style(execution)
        name = escape_invisible(execution.workflow_name)
        self.workflow.setText(one_line(name, _LONGEST_NAME).replace("&", "&&"))
        self.workflow.setToolTip(plain_tip(name) if len(name) > _LONGEST_NAME else "")
        self.workflow.setEnabled(bool(self._workflow))
        self.crumb.setText(tr("Execution #{number}", number=number(execution.number)))
        self._show_parent(detail)
        self.badge.show_status_style(shown, execution.status.value)
        self.title.setText(_title(execution))
        self.title.set_tip(tr("How long it ran, pauses left out") if execution.duration_ms is not None else "")
        self.version.setVisible(execution.workflow_version is not None)
        self.version.set_word(f"v{execution.workflow_version}")
        self.rounds.setVisible(execution.attempt > 1)
        if self.rounds.count() != execution.attempt:
            self.rounds.clear()
            for each in range(execution.attempt, 0, -1):
                self.rounds.addItem(tr("Attempt {number} of {all}", number=each, all=execution.attempt), each)
        self.rounds.setCurrentIndex(max(0, self.rounds.findData(detail.round)))
        self.facts.show_facts(facts(execution))
        self._fit_verbs()
        self._announce(execution)

    def _announce(self, execution: Execution) -> None:
        """What has changed while it was shown; not what it is when it is come to."""
        before, self._told = self._told, (execution.id, execution_style(execution).word)
        if before is not None and before[0] == execution.id and before != self._told:
            self.announcer.say(f"{execution.workflow_name} {_title(execution)}")

    def _show_parent(self, detail: Detail) -> None:
        parent = detail.parent
        self._parent = parent.id if parent is not None else ""
        self.parent_link.setVisible(parent is not None)
        if parent is not None:
            within = one_line(escape_invisible(parent.label), _LONGEST_NAME)
            self.parent_link.setText(tr("in {execution}", execution=within).replace("&", "&&"))
            self.parent_link.setToolTip(plain_tip(tr("The execution that it is a sub-workflow of")))

    def _open_parent(self) -> None:
        if self._parent:
            self._context.navigator.go(Location("execution", self._parent))

    def show_verbs(self, disabled: set[str]) -> None:
        """Only what can be done is offered; the one that helps most is the primary one."""
        self._disabled = disabled
        possible = [name for name in self.verbs if name not in disabled]
        primary = next((name for name in ("rerun", "resume", "stop", "again") if name in possible), "")
        for name, each in self.verbs.items():
            each.setVisible(name in possible)
            kind = "primary" if name == primary and name != "stop" else ""
            if each.property("kind") != kind:
                restyle(each, kind=kind)
                each.setIcon(icons.icon(_ICONS[name], "on_accent" if kind else "text2"))
        self._fit_verbs()

    def _fit_verbs(self) -> None:
        """The title gives way last."""
        self.title.setMinimumWidth(self.title.sizeHint().width())
        if not fold_in_turn(self, self.verbs.values(), [self._verdict]):
            self.title.setMinimumWidth(0)

    def _open_workflow(self) -> None:
        if self._workflow:
            self._context.navigator.go(Location("workflows", self._workflow))

    def _popup_more(self) -> None:
        names = ("pin", "note", "copy_command", "copy_link", "", "export", "", "delete")
        show_below(action_menu(self, self._context.actions, names), self.more)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_verbs()


_ICONS = {"stop": "stop", "pause": "pause", "resume": "play", "replay": "clock-counter-clockwise", "again": "repeat",
          "rerun": "arrow-clockwise"}  # fmt: skip


def icon_label() -> QWidget:
    made = label("›", "secondary")
    made.setAccessibleName("")
    return made


def _title(execution: Execution) -> str:
    return tr("{name} {status}", name=f"#{number(execution.number)}", status=outcome(execution))


@frozen
class Fact:
    """A word about the execution, with its icon."""

    icon: str
    words: str


def facts(execution: Execution) -> list[Fact]:
    """Why it ran, when, by whom, how its tasks ended, what was said about it."""
    done: tuple[str, ...] = (
        trn("{n} ok", "{n} ok", execution.tasks_completed) if execution.tasks_completed else "",
        trn("{n} failed", "{n} failed", execution.tasks_failed) if execution.tasks_failed else "",
        trn("{n} tolerated", "{n} tolerated", execution.tasks_tolerated) if execution.tasks_tolerated else "",
        trn("{n} skipped", "{n} skipped", execution.tasks_skipped) if execution.tasks_skipped else "",
        trn("{n} cancelled", "{n} cancelled", execution.tasks_cancelled) if execution.tasks_cancelled else "",
    )
    word, icon = trigger(execution.trigger)
    ended = sum((execution.tasks_completed, execution.tasks_failed, execution.tasks_tolerated, execution.tasks_skipped,
                 execution.tasks_cancelled))  # fmt: skip
    if execution.status in ACTIVE and execution.tasks_total:
        progress = trn("{ended} of {n} task", "{ended} of {n} tasks", execution.tasks_total, ended=number(ended))
        done = (progress, *done)
    started = execution.started_at or execution.created_at
    until = f" – {format_seconds(execution.completed_at)}" if execution.completed_at else ""
    found = [
        Fact(icon, word), Fact("clock", exact(started) + until), Fact("user", execution.triggered_by or ""),
        Fact("list-bullets", " · ".join(filter(None, done))),
        Fact("push-pin-fill", tr("pinned") if execution.pinned else ""),
        Fact("note-pencil", (execution.note or "").replace("\n", " ")),
    ]  # fmt: skip
    return [fact for fact in found if fact.words]


class _Facts(QWidget):
    """A line of facts; what has no room is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Fact] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_facts(self, found: list[Fact]) -> None:
        self.facts = found
        self.setAccessibleName(", ".join(fact.words for fact in found))
        self.setToolTip(plain_tip(", ".join(fact.words for fact in found)))
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(400, QFontMetrics(theme.font("small")).height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = theme.font("small")
        metrics, x = QFontMetrics(font), 0.0
        for fact in self.facts:
            icons.paint(painter, QRectF(x, self.height() / 2 - 7, 14, 14), fact.icon, "text3")
            width = min(metrics.horizontalAdvance(fact.words) + 4, max(0.0, self.width() - x - 20))
            painting.text(painter, QRectF(x + 20, 0, width, self.height()), fact.words, "text2", font)
            x += width + 40
        painter.end()


class _Badge(QLabel):
    """Icon and word of the status, on a soft ground of its colour."""

    def __init__(self) -> None:
        super().__init__()
        self._style: StatusStyle | None = None
        self._status = ""
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # its word is never cut

    def show_status_style(self, style: StatusStyle, status: str) -> None:
        self._style, self._status = style, status
        self.setAccessibleName(style.word)
        self.updateGeometry()
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        word = self._style.word if self._style else ""
        return QSize(QFontMetrics(theme.font("body", 600)).horizontalAdvance(word) + 38, 26)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._style is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(_SOFT.get(self._status, "sunken")))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painting.status_icon(painter, QRectF(9, self.height() / 2 - 7, 14, 14), self._style.icon, self._style.colour)
        words = QRectF(28, 0, self.width() - 30, self.height())
        painting.text(painter, words, self._style.word, self._style.colour, theme.font("body", 600))
        painter.end()
