"""What the window remembers from one time to the next: sizes, columns, the last page, filters, choices."""

from __future__ import annotations

import json
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

_SAVE_AFTER_MS = 500
PERSONAL = ("theme", "contrast", "still", "language", "geometry")  # what is the person's, whichever ledger is shown


class UiState(QObject):
    """A small JSON file; one that cannot be read counts as empty, and `was_damaged` tells so.

    `kept` carries the key of what has become another.
    """

    kept = Signal(str)

    def __init__(self, file: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._values: dict[str, object] = {}
        self.was_damaged = False
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save_elsewhere)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ui_state")
        if file is not None:
            self._read_file(file)

    def _read_file(self, file: Path) -> None:
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            self.was_damaged = True
            return
        if isinstance(values, dict):
            self._values = values
        else:
            self.was_damaged = True

    def get(self, key: str, otherwise: object) -> Any:
        """The value, if it is of the type of what holds otherwise."""
        value = self._values.get(key, otherwise)
        return value if otherwise is None or isinstance(value, type(otherwise)) else otherwise

    def keep(self, key: str, value: object) -> None:
        if self._values.get(key) != value:
            self._values[key] = value
            self._timer.start()
            self.kept.emit(key)

    def adopt(self, other: UiState, keys: Collection[str] | None = None) -> None:
        """What is not known here, as the other one has it; None: all of that."""
        found = {key: value for key, value in other._values.items() if keys is None or key in keys}
        self._values = {**found, **self._values}

    def save(self) -> None:
        """Write now and wait for it: for the end of the program."""
        self._save_elsewhere()
        self._writer.submit(int).result()

    def _save_elsewhere(self) -> None:
        """On a thread of its own: a disk that is slow holds nobody up."""
        self._timer.stop()
        if self._file is not None:
            self._writer.submit(_write, self._file, json.dumps(self._values, ensure_ascii=False, indent=1))


def _write(file: Path, text: str) -> None:
    """Whole or not at all."""
    from PySide6.QtCore import QFileDevice, QSaveFile

    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    saved = QSaveFile(str(file))
    if saved.open(QSaveFile.OpenModeFlag.WriteOnly):
        saved.setPermissions(QFileDevice.Permission.ReadOwner | QFileDevice.Permission.WriteOwner)
        saved.write(text.encode())
        saved.commit()
