"""Everything a person can do in the window, once: menus, palette, shortcuts and buttons are made of this table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from smartspec.gui.style import icons
from smartspec.messages import tr
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


MENUS = ("&File", "&Edit", "&View", "&Run", "&Tools", "&Help")
_F, _E, _V, _R, _T, _H = MENUS
ACTIONS = (
    ActionSpec("new", _F, 0, "&New workflow…", "plus", ("Ctrl+N",)),
    ActionSpec("import", _F, 0, "&Import workflow files…", "download-simple", ("Ctrl+O",)),
    ActionSpec("export", _F, 0, "&Export workflow file…", "export"),
    ActionSpec("export_history", _F, 0, "Export e&xecutions…", "share-network", ("Ctrl+Shift+S",)),
    ActionSpec("samples", _F, 1, "Explore &sample data", "flask", ("Ctrl+E",)),
    ActionSpec("remove_samples", _F, 1, "&Remove sample data", "trash"),
    ActionSpec("workspace", _F, 1, "&Workspace…", "stack"),
    ActionSpec("settings", _F, 2, "Se&ttings…", "gear", ("Ctrl+,",)),
    ActionSpec("quit", _F, 3, "&Quit", "sign-out", ("Ctrl+Q",)),
    ActionSpec("undo", _E, 0, "&Undo", "arrow-u-up-left", ("Ctrl+Z",)),
    ActionSpec("redo", _E, 0, "&Redo", "arrow-u-up-right", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionSpec("find", _E, 1, "&Find", "magnifying-glass", ("Ctrl+F",)),
    ActionSpec("save", _E, 1, "&Save", "floppy-disk", ("Ctrl+S",)),
    ActionSpec("rename", _E, 2, "Re&name…", "pencil-simple", ("F2",)),
    ActionSpec("duplicate", _E, 2, "Dup&licate", "copy", ("Ctrl+D",)),
    ActionSpec("activate", _E, 2, "A&ctivate or deactivate", "toggle-left"),
    ActionSpec("archive", _E, 2, "&Archive", "archive"),
    ActionSpec("delete", _E, 2, "&Delete", "trash", ("Del",)),
    ActionSpec("copy_command", _E, 3, "Copy as co&mmand", "terminal-window", ("Ctrl+Shift+C",)),
    ActionSpec("copy_link", _E, 3, "Copy l&ink", "link", ("Ctrl+Shift+L",)),
    ActionSpec("pin", _E, 3, "&Pin or unpin", "push-pin"),
    ActionSpec("note", _E, 3, "N&ote…", "note-pencil", ("Ctrl+Shift+N",)),
    ActionSpec("page_workflows", _V, 0, "&Workflows", "tree-structure", ("Ctrl+1",)),
    ActionSpec("page_history", _V, 0, "&History", "clock-counter-clockwise", ("Ctrl+2",)),
    ActionSpec("back", _V, 1, "&Back", "arrow-left", ("Alt+Left",)),
    ActionSpec("forward", _V, 1, "&Forward", "arrow-right", ("Alt+Right",)),
    ActionSpec("next_pane", _V, 1, "Ne&xt pane", "", ("F6",)),
    ActionSpec("previous_pane", _V, 1, "Pre&vious pane", "", ("Shift+F6",)),
    ActionSpec("refresh", _V, 2, "&Refresh", "arrow-clockwise", ("F5",)),
    ActionSpec("zoom_in", _V, 3, "Zoom &in", "plus", ("Ctrl+=", "Ctrl++")),
    ActionSpec("zoom_out", _V, 3, "Zoom &out", "minus", ("Ctrl+-",)),
    ActionSpec("zoom_reset", _V, 3, "Actual &size", "corners-out", ("Ctrl+0",)),
    ActionSpec("executions_aside", _V, 4, "Executions on the ri&ght", "columns"),
    ActionSpec("theme", _V, 4, "&Light or dark", "moon", ("Ctrl+Shift+T",)),
    ActionSpec("fullscreen", _V, 4, "F&ull screen", "arrows-out", ("F11",)),
    ActionSpec("run", _R, 0, "&Run", "play", ("Ctrl+Return",)),
    ActionSpec("run_with", _R, 0, "Run with &parameters…", "sliders-horizontal", ("Ctrl+Shift+Return",)),
    ActionSpec("stop", _R, 1, "&Stop", "stop", ("Ctrl+.",)),
    ActionSpec("pause", _R, 1, "Pa&use", "pause"),
    ActionSpec("resume", _R, 1, "R&esume", "play"),
    ActionSpec("rerun", _R, 2, "Re-run &failed", "arrow-clockwise", ("Ctrl+R",)),
    ActionSpec("again", _R, 2, "Run a&gain", "repeat"),
    ActionSpec("replay", _R, 2, "Rep&lay…", "clock-counter-clockwise"),
    ActionSpec("record", _R, 3, "Record an execution by &hand…", "record"),
    ActionSpec("compare", _R, 4, "&Compare with last success", "arrows-left-right", ("Ctrl+Shift+D",)),
    ActionSpec("next_problem", _T, 0, "&Next problem", "arrow-down", ("F8",)),
    ActionSpec("back_up", _T, 1, "&Back up the database", "hard-drives"),
    ActionSpec("check", _T, 1, "&Check the database", "check"),
    ActionSpec("open_folder", _T, 1, "Open the data &folder", "folder-open"),
    ActionSpec("messages", _T, 2, "&Messages", "bell"),
    ActionSpec("palette", _H, 0, "&Commands…", "command", ("Ctrl+K", "Ctrl+Shift+P")),
    ActionSpec("shortcuts", _H, 0, "&Keyboard shortcuts", "keyboard", ("Ctrl+/",)),
    ActionSpec("help", _H, 1, "&How it works", "question", ("F1",)),
    ActionSpec("about", _H, 1, "&About and diagnostics", "info"),
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


def plain_text(action: QAction) -> str:
    """Without mnemonic and dots."""
    return action.text().replace("&", "").rstrip("…")
