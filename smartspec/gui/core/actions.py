"""Everything a person can do in the window, once: menus, palette, shortcuts and buttons are made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from smartspec.gui.style import icons
from smartspec.messages import _, translate
from smartspec.value import frozen

Handler = Callable[[], object]


@frozen
class ActionSpec:
    """`text` has its mnemonic; `keys` are portable key sequences; `group` parts a menu by lines.

    In a group those of a lower `order` come first, then in the order of declaration. What `writes` to the ledger
    cannot be done where that is only looked at.
    """

    name: str
    menu: str
    group: int
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    order: int = 0
    writes: bool = False


MENUS = (_("&File"), _("&Edit"), _("&View"), _("&Run"), _("&Tools"), _("&Help"))
FILE, EDIT, VIEW, RUN, TOOLS, HELP = MENUS


def in_menu_order(specs: Iterable[ActionSpec]) -> tuple[ActionSpec, ...]:
    """By menu, group and order."""
    return tuple(sorted(specs, key=lambda each: (MENUS.index(each.menu), each.group, each.order)))


class Actions(QObject):
    """One QAction for each spec. It is enabled while a scope handles it: the window always, a page while shown."""

    def __init__(self, specs: Iterable[ActionSpec], parent: QObject) -> None:
        super().__init__(parent)
        self.specs = tuple(specs)
        self._scopes: dict[str, Mapping[str, Handler]] = {}
        self._first: Mapping[str, Handler] = {}
        self._disabled: set[str] = set()
        self._limit: Callable[[ActionSpec], bool] | None = None
        self._specs = {spec.name: spec for spec in self.specs}
        self._by_name = {spec.name: self._made(spec) for spec in self.specs}

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(translate(spec.text), self)
        action.setObjectName(spec.name)
        if spec.icon:
            action.setIcon(icons.icon(spec.icon))
            action.setProperty("icon_name", spec.icon)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setEnabled(False)
        action.triggered.connect(lambda: self.do(spec.name))
        return action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._by_name.values())

    def register_handlers(self, scope: str, handlers: Mapping[str, Handler], disabled: Collection[str] = ()) -> None:
        """From now on these handlers do the actions of a scope; those that are `disabled` do not apply now."""
        self._scopes[scope] = handlers
        self._disabled = {*(name for name in self._disabled if name not in handlers), *disabled}
        self._enable()

    def do_first(self, handlers: Mapping[str, Handler]) -> None:
        """From now on these do their actions, whatever page is shown; {} for none."""
        self._first = handlers
        self._enable()

    def limit(self, allows: Callable[[ActionSpec], bool] | None, reason: str = "") -> None:
        """From now on only what is allowed can be done, whatever handles it; None: all. `reason` says why."""
        self._limit = allows
        for spec in self.specs:
            is_out = allows is not None and not allows(spec)
            self._by_name[spec.name].setToolTip(reason if is_out else "")
            self._by_name[spec.name].setProperty("why", reason if is_out else "")
        self._enable()

    def _enable(self) -> None:
        for name, action in self._by_name.items():
            action.setEnabled(self._can_do(name))

    def _can_do(self, name: str) -> bool:
        if self.handler(name) is None or (name in self._disabled and name not in self._first):
            return False
        return self._limit is None or self._limit(self._specs[name])

    def do(self, name: str) -> None:
        """Do it, if it can be done now."""
        handler = self.handler(name)
        if handler is not None and self._can_do(name):
            handler()

    def handler(self, name: str) -> Handler | None:
        """What would do it now: what comes first, else of the scope that was registered last."""
        for scope in (self._first, *reversed(self._scopes.values())):
            if name in scope:
                return scope[name]
        return None

    def menu(self, title: str, parent: QMenu) -> None:
        """Fill one of the menus."""
        parent.aboutToShow.connect(lambda: parent.setToolTipsVisible(self._limit is not None))
        group = 0
        for spec in self.specs:
            if spec.menu == title:
                if spec.group != group:
                    parent.addSeparator()
                    group = spec.group
                parent.addAction(self[spec.name])


def shortcut_text(action: QAction) -> str:
    """Its first shortcut, as the system writes it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def plain_text(action: QAction) -> str:
    """Without mnemonic and dots."""
    return without_mnemonic(action.text()).rstrip("…")


def without_mnemonic(text: str) -> str:
    """`&File` is File; where a language has no letters for it, its mnemonic stands behind: `文件(&F)` is 文件."""
    return re.sub(r"\(&\w\)", "", text).replace("&", "")
