"""Everything a person can do in the window, once: menus, palette, shortcuts and buttons are made of this table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from smartspec.gui.style import icons
from smartspec.messages import N_, tr
from smartspec.value import frozen

Handler = Callable[[], object]


@frozen
class ActionSpec:
    """`text` has its mnemonic; `keys` are portable key sequences; `group` parts a menu by lines."""

    name: str
    menu: str
    group: int
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()


MENUS = (N_("&File"), N_("&Edit"), N_("&View"), N_("&Run"), N_("&Tools"), N_("&Help"))
_F, _E, _V, _R, _T, _H = MENUS
ACTIONS = (
    ActionSpec("new", _F, 0, N_("&New workflow…"), "plus", ("Ctrl+N",)),
    ActionSpec("import", _F, 0, N_("&Import workflow files…"), "download-simple", ("Ctrl+O",)),
    ActionSpec("export", _F, 0, N_("&Export workflow file…"), "export"),
    ActionSpec("export_history", _F, 0, N_("Export e&xecutions…"), "share-network", ("Ctrl+Shift+S",)),
    ActionSpec("samples", _F, 1, N_("Explore &sample data"), "flask", ("Ctrl+E",)),
    ActionSpec("remove_samples", _F, 1, N_("&Remove sample data"), "trash"),
    ActionSpec("workspace", _F, 1, N_("&Workspace…"), "stack"),
    ActionSpec("settings", _F, 2, N_("Se&ttings…"), "gear", ("Ctrl+,",)),
    ActionSpec("quit", _F, 3, N_("&Quit"), "sign-out", ("Ctrl+Q",)),
    ActionSpec("undo", _E, 0, N_("&Undo"), "arrow-u-up-left", ("Ctrl+Z",)),
    ActionSpec("redo", _E, 0, N_("&Redo"), "arrow-u-up-right", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionSpec("find", _E, 1, N_("&Find"), "magnifying-glass", ("Ctrl+F",)),
    ActionSpec("save", _E, 1, N_("&Save"), "floppy-disk", ("Ctrl+S",)),
    ActionSpec("rename", _E, 2, N_("Re&name…"), "pencil-simple", ("F2",)),
    ActionSpec("duplicate", _E, 2, N_("Dup&licate"), "copy", ("Ctrl+D",)),
    ActionSpec("activate", _E, 2, N_("A&ctivate or deactivate"), "toggle-left"),
    ActionSpec("archive", _E, 2, N_("&Archive"), "archive"),
    ActionSpec("delete", _E, 2, N_("&Delete"), "trash", ("Del",)),
    ActionSpec("copy_command", _E, 3, N_("Copy as co&mmand"), "terminal-window", ("Ctrl+Shift+C",)),
    ActionSpec("copy_link", _E, 3, N_("Copy l&ink"), "link", ("Ctrl+Shift+L",)),
    ActionSpec("pin", _E, 3, N_("&Pin or unpin"), "push-pin"),
    ActionSpec("note", _E, 3, N_("N&ote…"), "note-pencil", ("Ctrl+Shift+N",)),
    ActionSpec("page_workflows", _V, 0, N_("&Workflows"), "tree-structure", ("Ctrl+1",)),
    ActionSpec("page_history", _V, 0, N_("&History"), "clock-counter-clockwise", ("Ctrl+2",)),
    ActionSpec("back", _V, 1, N_("&Back"), "arrow-left", ("Alt+Left",)),
    ActionSpec("forward", _V, 1, N_("&Forward"), "arrow-right", ("Alt+Right",)),
    ActionSpec("next_pane", _V, 1, N_("Ne&xt pane"), "", ("F6",)),
    ActionSpec("previous_pane", _V, 1, N_("Pre&vious pane"), "", ("Shift+F6",)),
    ActionSpec("refresh", _V, 2, N_("&Refresh"), "arrow-clockwise", ("F5",)),
    ActionSpec("zoom_in", _V, 3, N_("Zoom &in"), "plus", ("Ctrl+=", "Ctrl++")),
    ActionSpec("zoom_out", _V, 3, N_("Zoom &out"), "minus", ("Ctrl+-",)),
    ActionSpec("zoom_reset", _V, 3, N_("Actual &size"), "corners-out", ("Ctrl+0",)),
    ActionSpec("executions_aside", _V, 4, N_("Executions on the ri&ght"), "columns"),
    ActionSpec("theme", _V, 4, N_("&Light or dark"), "moon", ("Ctrl+Shift+T",)),
    ActionSpec("fullscreen", _V, 4, N_("F&ull screen"), "arrows-out", ("F11",)),
    ActionSpec("run", _R, 0, N_("&Run"), "play", ("Ctrl+Return",)),
    ActionSpec("run_with", _R, 0, N_("Run with &parameters…"), "sliders-horizontal", ("Ctrl+Shift+Return",)),
    ActionSpec("stop", _R, 1, N_("&Stop"), "stop", ("Ctrl+.",)),
    ActionSpec("pause", _R, 1, N_("Pa&use"), "pause"),
    ActionSpec("resume", _R, 1, N_("R&esume"), "play"),
    ActionSpec("rerun", _R, 2, N_("Re-run &failed"), "arrow-clockwise", ("Ctrl+R",)),
    ActionSpec("again", _R, 2, N_("Run a&gain"), "repeat"),
    ActionSpec("replay", _R, 2, N_("Rep&lay…"), "clock-counter-clockwise"),
    ActionSpec("record", _R, 3, N_("Record an execution by &hand…"), "record"),
    ActionSpec("compare", _R, 4, N_("&Compare with last success"), "arrows-left-right", ("Ctrl+Shift+D",)),
    ActionSpec("next_problem", _T, 0, N_("&Next problem"), "arrow-down", ("F8",)),
    ActionSpec("back_up", _T, 1, N_("&Back up the database"), "hard-drives"),
    ActionSpec("check", _T, 1, N_("&Check the database"), "check"),
    ActionSpec("open_folder", _T, 1, N_("Open the data &folder"), "folder-open"),
    ActionSpec("messages", _T, 2, N_("&Messages"), "bell"),
    ActionSpec("palette", _H, 0, N_("&Commands…"), "command", ("Ctrl+K", "Ctrl+Shift+P")),
    ActionSpec("shortcuts", _H, 0, N_("&Keyboard shortcuts"), "keyboard", ("Ctrl+/",)),
    ActionSpec("help", _H, 1, N_("&How it works"), "question", ("F1",)),
    ActionSpec("about", _H, 1, N_("&About and diagnostics"), "info"),
)  # fmt: skip


class Actions(QObject):
    """One QAction for each spec. It is enabled while a scope handles it: the window always, a page while shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._scopes: dict[str, Mapping[str, Handler]] = {}
        self._disabled: set[str] = set()
        self._by_name = {spec.name: self._made(spec) for spec in ACTIONS}

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(tr(spec.text), self)
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
        for name, action in self._by_name.items():
            action.setEnabled(self._handler(name) is not None and name not in self._disabled)

    def do(self, name: str) -> None:
        """Do it, if it can be done now."""
        handler = self._handler(name)
        if handler is not None and name not in self._disabled:
            handler()

    def _handler(self, name: str) -> Handler | None:
        for scope in reversed(self._scopes.values()):
            if name in scope:
                return scope[name]
        return None

    def menu(self, title: str, parent: QMenu) -> None:
        """Fill one of the menus."""
        group = 0
        for spec in ACTIONS:
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
    return action.text().replace("&", "").rstrip("…")
