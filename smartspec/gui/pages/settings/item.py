"""A setting as the page shows it, whoever keeps it: the ledger, or the window for itself."""

from __future__ import annotations

from collections.abc import Iterable

from smartspec.domain.jsontext import Json
from smartspec.domain.quantities import Kind
from smartspec.domain.settings import GROUPS, SETTINGS, SettingSpec, read, write
from smartspec.domain.text import fold
from smartspec.gui.core.ui_setting import UiSetting
from smartspec.messages import Message, _, translate
from smartspec.value import frozen

FOLDER = "folder"  # not to be chosen here: where the database is
BACKGROUND = "background"  # kept by the system: what starts at login
DESKTOP = "desktop"  # a channel: whether there is one of the desktop
QUIET = "notifications.quiet"


@frozen
class Item:
    """`spec` is of those that the ledger keeps; `on` stands beside a switch."""

    key: str
    group: str
    title: str
    explanation: str
    default: Json
    choices: tuple[tuple[Json, str], ...] = ()
    on: str = ""
    synonyms: str = ""
    spec: SettingSpec | None = None

    @property
    def is_switch(self) -> bool:
        return isinstance(self.default, bool) and not self.choices

    @property
    def is_program(self) -> bool:
        return self.key == "runner.python"

    def written(self, value: Json) -> str:
        """As a person reads it."""
        if self.choices:
            return translate(next((text for each, text in self.choices if each == value), str(value)))
        return translate(write(self.spec or _SWITCH, value))

    def read(self, text: str, bare: int) -> Json:
        """Raises Invalid."""
        return text if self.spec is None else read(self.spec, text, bare)

    @property
    def kind(self) -> Kind | None:
        return self.spec.unit if self.spec is not None and isinstance(self.spec.unit, Kind) else None

    def finds(self, words: Iterable[str], value: Json) -> bool:
        """Whether every word is in what it says, its values, or what else it is called."""
        values = (self.written(value), *(translate(text) for _each, text in self.choices))
        told = (self.title, self.explanation, self.on, self.synonyms, self.key, *values)
        text = fold(" ".join(map(translate, told)))
        return all(fold(word) in text for word in words)


_SWITCH = SettingSpec(bool, False, "general", Message(""), Message(""))


def items(ui_settings: Iterable[UiSetting]) -> tuple[Item, ...]:
    """All that there are, in the order of their groups."""
    of_ledger = [
        Item(key, spec.group, spec.title, spec.explanation, spec.default, spec.choices, spec.on, spec.synonyms, spec)
        for key, spec in SETTINGS.items()
    ]
    of_window = [
        Item(each.key, each.group, each.title, each.explanation, each.default, each.choices, each.text, each.synonyms)
        for each in ui_settings
    ]
    groups = [*GROUPS]
    found = [_DESKTOP, *of_ledger, *of_window, _BACKGROUND, _FOLDER]
    return tuple(sorted(found, key=lambda each: groups.index(each.group)))


_FOLDER = Item(
    FOLDER, "general", _("Data folder"),
    _("Database, logs and backups; {variable} chooses another at the start.", variable="SMARTSPEC_HOME"),
    "", synonyms=_("path, place, disk, move"),
)  # fmt: skip
_BACKGROUND = Item(
    BACKGROUND, "running", _("Runs in the background"),
    _("A runner starts when you log in and stays, also without this window; else one starts when there is work."),
    False, on=_("starts at login"), synonyms=_("login, autostart, service, systemd, daemon, tray, boot"),
)  # fmt: skip
_DESKTOP = Item(
    DESKTOP, "notifications", _("Notifications on this desktop"),
    _("Sent by the runner, also while no window is open; a click opens the execution."),
    False, on=_("on"), synonyms=_("notify, message, popup, bubble, channel, test"),
)  # fmt: skip
