"""The window itself as a feature: what can be done from anywhere, how it looks, and its dialogs."""

from __future__ import annotations

from smartspec.gui.contract import (
    EDIT,
    FILE,
    HELP,
    TOOLS,
    VIEW,
    ActionSpec,
    Feature,
    ScreenshotSpec,
    UiSetting,
)
from smartspec.messages import _

_AS_SYSTEM = _("As the system")

FEATURE = Feature(
    "window",
    actions=(
        ActionSpec("new", FILE, 0, _("&New workflow…"), "plus", ("Ctrl+N",), writes=True),
        ActionSpec("import", FILE, 0, _("&Import workflow files…"), "download-simple", ("Ctrl+O",), writes=True),
        ActionSpec("export", FILE, 0, _("&Export workflow file…"), "export"),
        ActionSpec("samples", FILE, 1, _("Explore &sample data"), "flask", ("Ctrl+E",), writes=True),
        ActionSpec("remove_samples", FILE, 1, _("&Remove sample data"), "trash", writes=True),
        ActionSpec("workspace", FILE, 1, _("&Workspace…"), "stack"),
        ActionSpec("restore", FILE, 1, _("Restore a &backup…"), "clock-counter-clockwise"),
        ActionSpec("open_ledger", FILE, 1, _("Open another &ledger…"), "folder-open"),
        ActionSpec("quit", FILE, 3, _("&Quit"), "sign-out", ("Ctrl+Q",)),
        ActionSpec("undo", EDIT, 0, _("&Undo"), "arrow-u-up-left", ("Ctrl+Z",)),
        ActionSpec("redo", EDIT, 0, _("&Redo"), "arrow-u-up-right", ("Ctrl+Shift+Z", "Ctrl+Y")),
        ActionSpec("find", EDIT, 1, _("&Find"), "magnifying-glass", ("Ctrl+F",)),
        ActionSpec("save", EDIT, 1, _("&Save"), "floppy-disk", ("Ctrl+S",), writes=True),
        ActionSpec("delete", EDIT, 2, _("&Delete"), "trash", ("Del",), order=1, writes=True),
        ActionSpec("back", VIEW, 1, _("&Back"), "arrow-left", ("Alt+Left",)),
        ActionSpec("forward", VIEW, 1, _("&Forward"), "arrow-right", ("Alt+Right",)),
        ActionSpec("next_pane", VIEW, 1, _("Ne&xt pane"), "", ("F6",)),
        ActionSpec("previous_pane", VIEW, 1, _("Pre&vious pane"), "", ("Shift+F6",)),
        ActionSpec("now", VIEW, 1, _("&Now"), "play-circle", ("Ctrl+J",)),
        ActionSpec("refresh", VIEW, 2, _("&Refresh"), "arrow-clockwise", ("F5",)),
        ActionSpec("zoom_in", VIEW, 3, _("Zoom &in"), "plus", ("Ctrl+=", "Ctrl++")),
        ActionSpec("zoom_out", VIEW, 3, _("Zoom &out"), "minus", ("Ctrl+-",)),
        ActionSpec("zoom_reset", VIEW, 3, _("Actual &size"), "corners-out", ("Ctrl+0",)),
        ActionSpec("theme", VIEW, 4, _("&Light or dark"), "moon", ("Ctrl+Shift+T",), order=1),
        ActionSpec("fullscreen", VIEW, 4, _("F&ull screen"), "arrows-out", ("F11",), order=1),
        ActionSpec("back_up", TOOLS, 1, _("&Back up the database"), "hard-drives", writes=True),
        ActionSpec("check", TOOLS, 1, _("&Check the database"), "check"),
        ActionSpec("open_folder", TOOLS, 1, _("Open the data &folder"), "folder-open"),
        ActionSpec("messages", TOOLS, 2, _("&Messages"), "bell"),
        ActionSpec("palette", HELP, 0, _("&Commands…"), "command", ("Ctrl+K", "Ctrl+Shift+P")),
        ActionSpec("shortcuts", HELP, 0, _("&Keyboard shortcuts"), "keyboard", ("Ctrl+/",)),
        ActionSpec("help", HELP, 1, _("&How it works"), "question", ("F1",)),
        ActionSpec("about", HELP, 1, _("&About and diagnostics"), "info"),
    ),
    settings=(
        UiSetting(
            "theme", _("Theme"), (("system", _AS_SYSTEM), ("light", _("Light")), ("dark", _("Dark"))),
            group="appearance", explanation=_("As the system has it, or always the same."),
            synonyms=_("colours, night, black, white"),
        ),
        UiSetting(
            "contrast", _("Contrast"), (("system", _AS_SYSTEM), ("normal", _("Normal")), ("high", _("High"))),
            group="appearance", explanation=_("High draws every edge, and texts stronger."),
            synonyms=_("accessibility, borders"),
        ),
        UiSetting(
            "still", _("Motion"), ((None, _AS_SYSTEM), (False, _("Full")), (True, _("Reduced"))),
            group="appearance", explanation=_("Reduced, nothing turns or fades."),
            synonyms=_("accessibility, animation"),
        ),
        UiSetting(
            "close.goes_on", _("When the window is closed"), text=_("what runs keeps running, without a question"),
            explanation=_("Else you are asked while something runs: keep it running, or stop it."),
            synonyms=_("quit, exit, background"),
        ),
    ),
    screenshots=(
        ScreenshotSpec("palette", "palette", is_dialog=False),
        ScreenshotSpec("now", "now", is_dialog=False),
        ScreenshotSpec("shortcuts", "shortcuts"),
        ScreenshotSpec("about", "about"),
        ScreenshotSpec("help", "help"),
    ),
)  # fmt: skip
