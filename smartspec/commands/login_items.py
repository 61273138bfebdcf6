"""What can start the runner of a ledger at login on this system: where each kind is kept, written and removed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from smartspec.commands import user_services
from smartspec.domain.login_item import desktop_entry, launch_agent, run_value, systemd_unit
from smartspec.domain.login_item.names import PREFIX, name_of
from smartspec.errors import RunError, reason
from smartspec.messages import _

_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class _Form(Protocol):
    def compose(self, argv: Sequence[str], database: str) -> str: ...
    def parse(self, text: str) -> tuple[str, ...]: ...


class LoginItem:
    """A file in a folder of the system's. `starts_now`: `begin` starts the runner too, and not the next login alone."""

    kind: str
    form: _Form
    ending = ""
    starts_now = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.file = self.folder() / f"{name}{self.ending}"

    @classmethod
    def folder(cls) -> Path:
        raise NotImplementedError

    @classmethod
    def why_not(cls) -> str:
        """Why this kind cannot be had here; empty: it can."""
        return ""

    @classmethod
    def names(cls) -> Iterator[str]:
        """Of those that there are, for whichever ledgers."""
        for each in sorted(cls.folder().glob(f"{PREFIX}*{cls.ending}")):
            yield each.name.removesuffix(cls.ending)

    @property
    def place(self) -> str:
        """Where it is, to be shown."""
        return str(self.file)

    @classmethod
    def compose(cls, argv: Sequence[str], database: str) -> str:
        """Raises Invalid for what its form cannot hold."""
        return cls.form.compose(argv, database)

    def is_there(self) -> bool:
        return self.file.is_file()

    def text(self) -> str | None:
        """What is there now; None: nothing. Raises RunError."""
        try:
            return self.file.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise RunError(_("{file} cannot be read: {why}.", file=self.file, why=reason(error))) from error

    def write(self, text: str) -> None:
        """Raises RunError."""
        new = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(text, encoding="utf-8", newline="")
            new.replace(self.file)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise RunError(_("{file} cannot be written: {why}.", file=self.file, why=reason(error))) from error

    def remove(self) -> None:
        """Raises RunError."""
        try:
            self.file.unlink(missing_ok=True)
        except OSError as error:
            raise RunError(_("{file} cannot be removed: {why}.", file=self.file, why=reason(error))) from error

    def begin(self) -> None:
        """Let the system know what was written. Raises RunError."""


class SystemdUnit(LoginItem):
    kind = "systemd"
    form = systemd_unit
    ending = ".service"
    starts_now = True

    @classmethod
    def folder(cls) -> Path:
        return _config_home() / "systemd" / "user"

    @classmethod
    def why_not(cls) -> str:
        return user_services.why_not()

    def begin(self) -> None:
        user_services.start(self.file.name)

    def remove(self) -> None:
        """What runs goes on. Where nobody answers it is gone at the next login."""
        with suppress(OSError):
            (self.folder() / "default.target.wants" / self.file.name).unlink()  # systemctl(1), enable
        super().remove()
        with suppress(RunError):
            user_services.forget()


class AutostartEntry(LoginItem):
    kind = "autostart"
    form = desktop_entry
    ending = ".desktop"

    @classmethod
    def folder(cls) -> Path:
        return _config_home() / "autostart"


class LaunchAgent(LoginItem):
    kind = "launch_agent"
    form = launch_agent
    ending = ".plist"
    starts_now = True

    @classmethod
    def folder(cls) -> Path:
        return Path.home() / "Library" / "LaunchAgents"

    def begin(self) -> None:
        """An agent that is known already is answered with 5 (an error of input and output) or 37. Raises RunError."""
        domain = f"gui/{os.getuid()}" if sys.platform != "win32" else ""
        command = ["launchctl", "bootstrap", domain, str(self.file)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RunError(_("`{command}` did not answer: {error}", command=" ".join(command), error=error)) from error
        if done.returncode not in (0, 5, 37):
            said = done.stderr.strip()
            raise RunError(_("`{command}` says: {said}", command=" ".join(command), said=said))


class RunValue(LoginItem):
    """No file: a value in the registry."""

    kind = "run_key"
    form = run_value

    @classmethod
    def folder(cls) -> Path:
        return Path("HKEY_CURRENT_USER", _RUN_KEY)

    @classmethod
    def names(cls) -> Iterator[str]:
        if sys.platform == "win32":
            import winreg

            with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                found = [winreg.EnumValue(key, number)[0] for number in range(winreg.QueryInfoKey(key)[1])]
                yield from (each for each in found if each.startswith(PREFIX))
        yield from ()

    @classmethod
    def compose(cls, argv: Sequence[str], database: str) -> str:
        """By the interpreter that opens no console, where it stands beside the other. Raises Invalid."""
        windowed = Path(argv[0]).with_name("pythonw.exe")
        return super().compose((str(windowed) if windowed.is_file() else argv[0], *argv[1:]), database)

    @property
    def place(self) -> str:
        return rf"HKEY_CURRENT_USER\{_RUN_KEY}\{self.name}"

    def is_there(self) -> bool:
        return self.text() is not None

    def text(self) -> str | None:
        if sys.platform == "win32":
            import winreg

            with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                return str(winreg.QueryValueEx(key, self.name)[0])
        return None

    def write(self, text: str) -> None:
        """Raises RunError."""
        if sys.platform == "win32":
            import winreg

            try:
                with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                    winreg.SetValueEx(key, self.name, 0, winreg.REG_SZ, text)
            except OSError as error:
                raise RunError(_("{file} cannot be written: {why}.", file=self.place, why=reason(error))) from error

    def remove(self) -> None:
        if sys.platform == "win32":
            import winreg

            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY, 0, winreg.KEY_SET_VALUE) as key,
            ):
                winreg.DeleteValue(key, self.name)


_KINDS: dict[str, tuple[type[LoginItem], ...]] = {"win32": (RunValue,), "darwin": (LaunchAgent,)}


def kinds() -> tuple[type[LoginItem], ...]:
    """What this system knows, the best first."""
    return _KINDS.get(sys.platform, (SystemdUnit, AutostartEntry))


def of_ledger(database: Path) -> tuple[LoginItem, ...]:
    """What there could be for it."""
    return tuple(kind(name_of(str(database))) for kind in kinds())


def all_items() -> tuple[LoginItem, ...]:
    """Those that there are, of all ledgers."""
    return tuple(kind(name) for kind in kinds() for name in kind.names())


def _config_home() -> Path:
    import platformdirs  # 5 ms

    return platformdirs.user_config_path()
