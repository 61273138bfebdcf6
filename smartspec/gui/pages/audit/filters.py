"""What the audit trail is narrowed by: words, a workflow, who, what and when."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QDate, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from smartspec.domain import times
from smartspec.domain.audit import AuditFilter, AuditKind
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.text import one_line
from smartspec.domain.workflow import Workflow
from smartspec.gui.pages.audit.model import KINDS
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.search_field import search_field
from smartspec.gui.widgets.table.dates_dialog import DatesDialog
from smartspec.messages import tr, translate

_DAYS = (1, 7, 30)
_LONGEST_NAME = 28
_ISO = "yyyy-MM-dd"


class AuditFilters(QWidget):
    """`changed`: another filter is wanted."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._workflow: Workflow | None = None
        self._actor: str | None = None
        self._kinds: frozenset[AuditKind] = frozenset()
        self._since: datetime | None = None
        self._until: datetime | None = None
        self._when = ""
        self._actors: tuple[str, ...] = ()
        self.workflow = Chip("", "x", checkable=False)
        self.workflow.clicked.connect(lambda: self.show_workflow(None))
        self.who, self.what, self.when = (Chip("", icon) for icon in ("user", "list-bullets", "calendar-blank"))
        for chip, fill in ((self.who, self._fill_who), (self.what, self._fill_what), (self.when, self._fill_when)):
            chip.show_caret()
            chip.clicked.connect(partial(self._open, chip, fill))
        self.words = search_field(tr("Find in the trail…"), tr("Find in the audit trail"))
        self.words.setMinimumWidth(150)
        self.words.setMaximumWidth(260)
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda: self._typing.start())
        self.setLayout(row(self.workflow, self.who, self.what, self.when, None, self.words, spacing=6))
        self._name_chips()

    @property
    def wanted(self) -> AuditFilter:
        """As a command takes it."""
        workflow: WorkflowPk | None = self._workflow.pk if self._workflow else None
        return AuditFilter(
            workflow=workflow, actor=self._actor, kinds=self._kinds, since=self._since, until=self._until,
            text=self.words.text().strip() or None,
        )  # fmt: skip

    @property
    def is_narrow(self) -> bool:
        return self.wanted != AuditFilter()

    def show_actors(self, names: list[str]) -> None:
        self._actors = tuple(names)

    def show_workflow(self, workflow: Workflow | None) -> None:
        """Of this one alone; None: of all."""
        self._workflow = workflow
        self._emit_changed()

    def clear(self) -> None:
        self._workflow = self._actor = self._since = self._until = None
        self._kinds, self._when = frozenset(), ""
        self.words.clear()
        self._emit_changed()

    def _emit_changed(self) -> None:
        self._name_chips()
        self.changed.emit()

    def _name_chips(self) -> None:
        self.workflow.setVisible(self._workflow is not None)
        self.workflow.set_word(one_line(self._workflow.name, _LONGEST_NAME) if self._workflow else "")
        self.workflow.setToolTip(tr("Show all workflows"))
        self.who.set_word(self._actor or tr("Anybody"))
        one = next(iter(self._kinds)) if len(self._kinds) == 1 else None
        self.what.set_word(translate(KINDS[one][0]) if one else tr("All changes"))
        self.what.set_count(str(len(self._kinds)) if len(self._kinds) > 1 else "")
        self.when.set_word(self._when or tr("Any time"))
        for chip, narrows in ((self.who, self._actor), (self.what, self._kinds), (self.when, self._when)):
            chip.setChecked(bool(narrows))

    # Menus

    def _open(self, chip: Chip, fill: object) -> None:
        menu = popup_menu(self)
        assert callable(fill)
        fill(menu)
        self._name_chips()  # a press does not check it, a choice does
        show_below(menu, chip)

    def _fill_who(self, menu: QMenu) -> None:
        for name in (None, *self._actors):
            word = tr("Anybody") if name is None else name.replace("&", "&&")
            _choice(menu, word, name == self._actor, partial(self._choose_actor, name))

    def _choose_actor(self, name: str | None, *_: object) -> None:
        self._actor = name
        self._emit_changed()

    def _fill_what(self, menu: QMenu) -> None:
        _choice(menu, tr("All changes"), not self._kinds, partial(self._choose_kind, None))
        menu.addSeparator()
        for kind, (word, _icon) in KINDS.items():
            _choice(menu, translate(word), kind in self._kinds, partial(self._choose_kind, kind))

    def _choose_kind(self, kind: AuditKind | None, *_: object) -> None:
        """One more, or one less; several are one or the other."""
        self._kinds = frozenset() if kind is None else self._kinds ^ {kind}
        self._emit_changed()

    def _fill_when(self, menu: QMenu) -> None:
        words = {1: tr("Today"), 7: tr("Last 7 days"), 30: tr("Last 30 days")}
        _choice(menu, tr("Any time"), not self._when, partial(self._choose_days, 0, ""))
        for days in _DAYS:
            _choice(menu, words[days], self._when == words[days], partial(self._choose_days, days, words[days]))
        menu.addSeparator()
        menu.addAction(tr("From … to …"), self._ask_dates)

    def _choose_days(self, days: int, word: str, *_: object) -> None:
        self._since, self._until, self._when = times.midnight(times.now(), days - 1) if days else None, None, word
        self._emit_changed()

    def _ask_dates(self) -> None:
        dialog = DatesDialog("", "", self)
        dialog.given.connect(self._choose_dates)
        dialog.open()

    def _choose_dates(self, first: str, after_last: str) -> None:
        self._since, self._until = _midnight(first), _midnight(after_last)
        last = QDate.fromString(after_last, _ISO).addDays(-1).toString(_ISO)
        self._when = first if first == last else f"{first} – {last}"
        self._emit_changed()


def _choice(menu: QMenu, word: str, chosen: bool, then: object) -> QAction:
    made: QAction = menu.addAction(word)
    made.setCheckable(True)
    made.setChecked(chosen)
    made.triggered.connect(then)
    return made


def _midnight(day: str) -> datetime:
    """Local, of a day like 2026-11-20."""
    return datetime.fromisoformat(day).astimezone()
