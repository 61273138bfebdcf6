"""One look for everything: tokens become Qt's palette, the style sheet and the fonts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from smartspec import paths
from smartspec.gui.style.tokens import LIGHT, SCHEMES, Tokens

UI_FONTS = ["Inter", "Segoe UI", "SF Pro Text", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC"]
MONO_FONTS = ["JetBrains Mono", "Cascadia Mono", "SF Mono", "Noto Sans Mono CJK SC", "DejaVu Sans Mono"]
BASE_PT = 9.75  # 13 px at 96 dpi; never smaller than the system's font
# The size of each role, as a part of the body's
TYPE = {"caption": 0.846, "small": 0.923, "body": 1.0, "title": 1.23, "display": 1.615, "figure": 1.846}
ROW = 28  # height of a table row, in logical pixels


class _Theme(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT
        self.base_pt = BASE_PT
        self.still: bool | None = None
        self.colours: dict[str, QColor] = {}  # of the tokens: a table asks for hundreds each time it is painted


_theme = _Theme()


def tokens() -> Tokens:
    """The colours in force, for what paints itself."""
    return _theme.tokens


def on_change(slot: Callable[[], object]) -> None:
    """Call a bound method after the colours in force have become others."""
    _theme.changed.connect(slot)


def colour(token: str) -> QColor:
    found = _theme.colours.get(token)
    if found is None:
        found = _theme.colours[token] = QColor(getattr(_theme.tokens, token))
    return QColor(found)


def is_still() -> bool:
    """Whether nothing is to turn or fade."""
    if _theme.still is not None:
        return _theme.still
    from PySide6.QtWidgets import QStyle  # 4 ms: what is painted asks, and the window is there before

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return not app.style().styleHint(QStyle.StyleHint.SH_Widget_Animate)


def keep_still(still: bool | None) -> None:
    """None: as the system has it."""
    _theme.still = still


def apply(choice: str, contrast: str = "system") -> None:
    """Put `light` or `dark` into force, with a contrast of `normal` or `high`; of anything else what the system has."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    first = not app.property("themed")
    if first:
        _load_fonts()
        _theme.base_pt = max(BASE_PT, app.font().pointSizeF() if app.font().pointSizeF() < 20 else BASE_PT)
        app.setProperty("themed", True)
    strong = contrast == "high" or (contrast != "normal" and _system_is_strong())
    wanted = SCHEMES[choice if choice in ("light", "dark") else _system_scheme(), strong]
    if wanted is _theme.tokens and not first:
        return
    _theme.tokens = wanted
    _theme.colours.clear()
    font.cache_clear()
    app.setStyleSheet("")  # replaced where it is, Qt styles what a widget holds once for each that holds it: six times
    app.setFont(font())
    app.setPalette(_palette(wanted))
    app.setStyleSheet(_style_sheet(wanted))
    _theme.changed.emit()


@cache
def system() -> QStyleHints:
    """What the system wishes. Kept: what it hands out lives as long as it does."""
    return QGuiApplication.styleHints()


def _system_scheme() -> str:
    return "dark" if system().colorScheme() is Qt.ColorScheme.Dark else "light"


def _system_is_strong() -> bool:
    return system().accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast


def _load_fonts() -> None:
    for file in sorted((paths.resources() / "fonts").glob("*.?tf")):
        QFontDatabase.addApplicationFont(str(file))


@cache
def font(role: str = "body", weight: int = 400, *, mono: bool = False) -> QFont:
    """Digits of one width in every role; the mono font without ligatures. It is shared: change a copy of it."""
    made = QFont()
    made.setFamilies(MONO_FONTS if mono else UI_FONTS)
    made.setPointSizeF(_theme.base_pt * TYPE[role] * (0.96 if mono else 1))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    if mono:
        made.setFeature(QFont.Tag("calt"), 0)
    return made


def _palette(tokens: Tokens) -> QPalette:
    role, group, made = QPalette.ColorRole, QPalette.ColorGroup, QPalette(QColor(tokens.chrome))
    for each, value in {
        role.Window: tokens.pane, role.WindowText: tokens.text, role.Base: tokens.surface,
        role.AlternateBase: tokens.pane, role.Text: tokens.text, role.PlaceholderText: tokens.text3,
        role.Button: tokens.surface, role.ButtonText: tokens.text, role.BrightText: tokens.failed,
        role.Highlight: tokens.accent, role.HighlightedText: tokens.on_accent, role.ToolTipBase: tokens.toast,
        role.ToolTipText: tokens.on_toast, role.Link: tokens.accent_text, role.LinkVisited: tokens.paused,
        role.Accent: tokens.accent, role.Light: tokens.raised, role.Midlight: tokens.hover,
        role.Mid: tokens.line_strong, role.Dark: tokens.line_strong, role.Shadow: tokens.outline,
    }.items():  # fmt: skip
        made.setColor(each, QColor(value))
    for each in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(group.Disabled, each, QColor(tokens.text3))
    made.setColor(group.Disabled, role.Highlight, QColor(tokens.line_strong))
    return made


def _style_sheet(tokens: Tokens) -> str:
    shape = (paths.resources() / "style.qss").read_text(encoding="utf-8")
    sizes = {role: f"{_theme.base_pt * part:.2f}" for role, part in TYPE.items()}
    icons = (paths.resources() / "icons").as_posix()
    return Template(shape).substitute(asdict(tokens), icons=icons, **sizes)
