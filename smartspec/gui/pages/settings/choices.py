"""What was chosen, read and saved where it is kept: in the ledger, by the window for itself, or by the system."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from smartspec.commands import settings
from smartspec.domain.jsontext import Json
from smartspec.domain.runner_installation import RunnerInstallation
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.settings.item import BACKGROUND, DESKTOP, FOLDER, Item
from smartspec.gui.pages.settings.telling.sending import is_on_desktop, switch_desktop

Failed = Callable[[SmartSpecError], object]


class Choices(QObject):
    """`changed`: the values are others, whoever chose them. `installation` is None until it has been looked at. Where
    not `is_ledger_known`, what the ledger keeps is neither known nor to be chosen.
    """

    changed = Signal()

    def __init__(self, context: AppContext, items: Iterable[Item], parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.installation: RunnerInstallation | None = None
        self.is_ledger_known = True
        self._items = {each.key: each for each in items}
        self.values: dict[str, Json] = {key: each.default for key, each in self._items.items()}
        self.values[FOLDER] = str(context.database.parent)
        context.ui_state.kept.connect(self._on_kept)
        self._read_own()

    def read(self) -> None:
        self._context.run(self, _read, self._on_read, self._on_not_read)

    def _on_not_read(self, error: SmartSpecError) -> None:
        self.is_ledger_known = False
        self.changed.emit()
        self._context.background.command_failed.emit(error)  # told as any other, unless all know of it

    def look(self) -> None:
        """At what the system has: nobody tells of its changes."""
        self._context.run(self, partial(_look, self._context.database), self._on_looked, worker="slow")

    def save(self, key: str, value: Json, then: Callable[[Json], object], failed: Failed) -> None:
        """None returns to the default; `then` is given what holds."""
        if key == BACKGROUND:
            self._install(bool(value), then, failed)
            return
        if key != DESKTOP and self._items[key].spec is None:
            self._store(key, value)
            then(self.values[key])
            return

        def on_saved(kept: Json) -> None:
            self._on_read({key: kept})
            then(kept)

        self._context.run(self, partial(_save, key, value), on_saved, failed)

    def save_all(self, values: dict[str, Json], then: Callable[[dict[str, Json]], object]) -> None:
        """Several at once; `then` is given what they were."""
        elsewhere = (BACKGROUND, DESKTOP)
        own = {key: value for key, value in values.items() if self._items[key].spec is None and key not in elsewhere}
        before = {key: self.values[key] for key in values if self._items[key].spec is None}
        of_ledger = {key: value for key, value in values.items() if key not in before}

        def on_saved(found: dict[str, Json]) -> None:
            for key, value in own.items():
                self._store(key, value)
            if DESKTOP in values:
                self.save(DESKTOP, values[DESKTOP], lambda _: None, self._context.notifications.notify_error)
            if BACKGROUND in values:
                self._install(bool(values[BACKGROUND]), lambda _: None, self._context.notifications.notify_error)
            self.read()
            then({**found, **before})

        self._context.run(self, partial(settings.set_settings, of_ledger), on_saved)

    def _install(self, wanted: bool, then: Callable[[Json], object], failed: Failed) -> None:
        """Let a runner start at login, or none; what is so meanwhile is not known."""
        before, self.installation = self.installation, None
        self.changed.emit()

        def on_installed(found: RunnerInstallation) -> None:
            then(found.is_installed)
            self._on_looked(found)

        def on_failed(error: SmartSpecError) -> None:
            self.installation = before
            self.changed.emit()
            failed(error)

        install = partial(_install, self._context.database, wanted)
        self._context.run(self, install, on_installed, on_failed, worker="slow")

    def _on_looked(self, found: RunnerInstallation) -> None:
        self.installation = found
        self.values[BACKGROUND] = found.is_installed
        self.changed.emit()

    def _store(self, key: str, value: Json) -> None:
        item = self._items[key]
        is_default = value is None and all(each is not None for each, _text in item.choices)
        self._context.ui_state.keep(key, item.default if is_default else value)

    def _on_read(self, found: dict[str, Json]) -> None:
        self.is_ledger_known = True
        self.values |= {key: value for key, value in found.items() if key in self._items}
        self.changed.emit()

    def _on_kept(self, key: str) -> None:
        if key in self._items and self._items[key].spec is None:
            self._read_own()
            self.changed.emit()

    def _read_own(self) -> None:
        """A value that is none of the choices counts as the first."""
        for key, item in self._items.items():
            if item.spec is None and key not in (FOLDER, BACKGROUND, DESKTOP):
                kept = self._context.ui_state.get(key, None)
                allowed = [value for value, _text in item.choices] or [False, True]
                fits = any(kept is value or (kept == value and isinstance(kept, str)) for value in allowed)
                self.values[key] = kept if fits else item.default


def _read() -> dict[str, Json]:
    return {**settings.list_settings(), DESKTOP: is_on_desktop()}


def _save(key: str, value: Json) -> Json:
    """What holds then."""
    if key != DESKTOP:
        return settings.set_setting(key, value)
    switch_desktop(bool(value))
    return is_on_desktop()


def _look(database: Path) -> RunnerInstallation:
    from smartspec.commands import runner_installation  # 10 ms, of which the first page has no need

    return runner_installation.look_at_runner(database)


def _install(database: Path, wanted: bool) -> RunnerInstallation:
    from smartspec.commands import runner_installation
    from smartspec.runner import installation

    if wanted:
        installation.install(database)
    else:
        runner_installation.uninstall_runner(database)
    return _look(database)
