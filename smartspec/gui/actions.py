"""Everything a person can do in the window, once: menus, palette, shortcuts and buttons are made of this table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from smartspec.gui import icons
from smartspec.gui.words import tr

Handler = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """`text` has its mnemonic; `keys` are portable key sequences; `group` parts a menu by lines."""

    name: str
    menu: str
    group: int
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()


MENUS = ("&File", "&Edit", "&View", "&Run", "&Tools", "&Help")
_F, _E, _V, _R, _T, _H = MENUS
DEEDS = (
    Deed("new", _F, 0, "&New workflow…", "plus", ("Ctrl+N",)),
    Deed("import", _F, 0, "&Import workflow files…", "download-simple", ("Ctrl+O",)),
    Deed("export", _F, 0, "&Export workflow file…", "export"),
    Deed("export_history", _F, 0, "Export e&xecutions…", "share-network", ("Ctrl+Shift+S",)),
    Deed("samples", _F, 1, "Explore &sample data", "flask", ("Ctrl+E",)),
    Deed("remove_samples", _F, 1, "&Remove sample data", "trash"),
    Deed("workspace", _F, 1, "&Workspace…", "stack"),
    Deed("settings", _F, 2, "Se&ttings…", "gear", ("Ctrl+,",)),
    Deed("quit", _F, 3, "&Quit", "sign-out", ("Ctrl+Q",)),
    Deed("undo", _E, 0, "&Undo", "arrow-u-up-left", ("Ctrl+Z",)),
    Deed("redo", _E, 0, "&Redo", "arrow-u-up-right", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Deed("find", _E, 1, "&Find", "magnifying-glass", ("Ctrl+F",)),
    Deed("save", _E, 1, "&Save", "floppy-disk", ("Ctrl+S",)),
    Deed("rename", _E, 2, "Re&name…", "pencil-simple", ("F2",)),
    Deed("duplicate", _E, 2, "Dup&licate", "copy", ("Ctrl+D",)),
    Deed("activate", _E, 2, "A&ctivate or deactivate", "toggle-left"),
    Deed("archive", _E, 2, "&Archive", "archive"),
    Deed("delete", _E, 2, "&Delete", "trash", ("Del",)),
    Deed("copy_command", _E, 3, "Copy as co&mmand", "terminal-window", ("Ctrl+Shift+C",)),
    Deed("copy_link", _E, 3, "Copy l&ink", "link", ("Ctrl+Shift+L",)),
    Deed("pin", _E, 3, "&Pin or unpin", "push-pin"),
    Deed("note", _E, 3, "N&ote…", "note-pencil", ("Ctrl+Shift+N",)),
    Deed("page_workflows", _V, 0, "&Workflows", "tree-structure", ("Ctrl+1",)),
    Deed("page_history", _V, 0, "&History", "clock-counter-clockwise", ("Ctrl+2",)),
    Deed("back", _V, 1, "&Back", "arrow-left", ("Alt+Left",)),
    Deed("forward", _V, 1, "&Forward", "arrow-right", ("Alt+Right",)),
    Deed("next_pane", _V, 1, "Ne&xt pane", "", ("F6",)),
    Deed("previous_pane", _V, 1, "Pre&vious pane", "", ("Shift+F6",)),
    Deed("refresh", _V, 2, "&Refresh", "arrow-clockwise", ("F5",)),
    Deed("zoom_in", _V, 3, "Zoom &in", "plus", ("Ctrl+=", "Ctrl++")),
    Deed("zoom_out", _V, 3, "Zoom &out", "minus", ("Ctrl+-",)),
    Deed("zoom_reset", _V, 3, "Actual &size", "corners-out", ("Ctrl+0",)),
    Deed("executions_aside", _V, 4, "Executions on the ri&ght", "columns"),
    Deed("theme", _V, 4, "&Light or dark", "moon", ("Ctrl+Shift+T",)),
    Deed("fullscreen", _V, 4, "F&ull screen", "arrows-out", ("F11",)),
    Deed("run", _R, 0, "&Run", "play", ("Ctrl+Return",)),
    Deed("run_with", _R, 0, "Run with &parameters…", "sliders-horizontal", ("Ctrl+Shift+Return",)),
    Deed("stop", _R, 1, "&Stop", "stop", ("Ctrl+.",)),
    Deed("pause", _R, 1, "Pa&use", "pause"),
    Deed("resume", _R, 1, "R&esume", "play"),
    Deed("rerun", _R, 2, "Re-run &failed", "arrow-clockwise", ("Ctrl+R",)),
    Deed("again", _R, 2, "Run a&gain", "repeat"),
    Deed("replay", _R, 2, "Rep&lay…", "clock-counter-clockwise"),
    Deed("record", _R, 3, "Record an execution by &hand…", "record"),
    Deed("compare", _R, 4, "&Compare with last success", "arrows-left-right", ("Ctrl+Shift+D",)),
    Deed("next_problem", _T, 0, "&Next problem", "arrow-down", ("F8",)),
    Deed("back_up", _T, 1, "&Back up the database", "hard-drives"),
    Deed("check", _T, 1, "&Check the database", "check"),
    Deed("open_folder", _T, 1, "Open the data &folder", "folder-open"),
    Deed("messages", _T, 2, "&Messages", "bell"),
    Deed("palette", _H, 0, "&Commands…", "command", ("Ctrl+K", "Ctrl+Shift+P")),
    Deed("shortcuts", _H, 0, "&Keyboard shortcuts", "keyboard", ("Ctrl+/",)),
    Deed("help", _H, 1, "&How it works", "question", ("F1",)),
    Deed("about", _H, 1, "&About and diagnostics", "info"),
)  # fmt: skip


class Actions(QObject):
    """One QAction for each deed. It can be done while a scope serves it: the window always, a page while shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._scopes: dict[str, Mapping[str, Handler]] = {}
        self._refused: set[str] = set()
        self._by_name = {deed.name: self._made(deed) for deed in DEEDS}

    def _made(self, deed: Deed) -> QAction:
        action = QAction(tr(deed.text), self)
        action.setObjectName(deed.name)
        if deed.icon:
            action.setIcon(icons.icon(deed.icon))
            action.setProperty("icon_name", deed.icon)
        action.setShortcuts([QKeySequence(key) for key in deed.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setEnabled(False)
        action.triggered.connect(lambda: self.do(deed.name))
        return action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._by_name.values())

    def serve(self, scope: str, handlers: Mapping[str, Handler], refused: Collection[str] = ()) -> None:
        """From now on these handlers do the deeds of a scope, those `refused` excepted: they do not apply now."""
        self._scopes[scope] = handlers
        self._refused = {*(name for name in self._refused if name not in handlers), *refused}
        for name, action in self._by_name.items():
            action.setEnabled(self._handler(name) is not None and name not in self._refused)

    def do(self, name: str) -> None:
        """Do it, if it can be done now."""
        handler = self._handler(name)
        if handler is not None and name not in self._refused:
            handler()

    def _handler(self, name: str) -> Handler | None:
        for scope in reversed(self._scopes.values()):
            if name in scope:
                return scope[name]
        return None

    def menu(self, title: str, parent: QMenu) -> None:
        """Fill one of the menus."""
        group = 0
        for deed in DEEDS:
            if deed.menu == title:
                if deed.group != group:
                    parent.addSeparator()
                    group = deed.group
                parent.addAction(self[deed.name])


def plain_text(action: QAction) -> str:
    """Without mnemonic and dots."""
    return action.text().replace("&", "").rstrip("…")
