"""What tells this machine from every other, whatever it is called at the moment."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")  # machine-id(5): 32 hexadecimal digits
_ID = re.compile(r"[0-9a-fA-F-]{32,36}")


@lru_cache
def machine_id() -> str:
    """The system's own id, hashed (machine-id(5) asks not to pass it on); else one that is made and kept."""
    known = _on_linux() or _on_windows() or _on_macos()
    return hashlib.sha256(f"smartspec {known}".encode()).hexdigest()[:32] if known else _kept()


def _on_linux() -> str | None:
    for file in _FILES:
        with suppress(OSError, UnicodeDecodeError):
            if found := _ID.fullmatch(Path(file).read_text(encoding="ascii").strip()):
                return found[0]
    return None


def _on_windows() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    with (
        suppress(OSError),
        winreg.OpenKey(
            winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        ) as key,
    ):
        return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    return None


def _on_macos() -> str | None:
    if sys.platform != "darwin":
        return None
    with suppress(OSError, subprocess.SubprocessError):
        asked = ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True).stdout
        if found := re.search(r'"IOPlatformUUID" = "([^"]+)"', said):
            return found[1]
    return None


def _kept() -> str:
    """An id of our own, in a folder of this machine that outlives a restart: a home may be shared by machines.

    A container without an id of its own gets one with its own file system, and is a machine of its own.
    """
    folder = Path("/var/tmp" if Path("/var/tmp").is_dir() else tempfile.gettempdir())  # noqa: S108
    file = folder / f"smartspec-machine-id-{getattr(os, 'getuid', int)()}"
    with suppress(OSError):
        made = uuid4().hex
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as new:
            new.write(made)
        return made
    return _read_kept(file) or f"host {os.uname().nodename if hasattr(os, 'uname') else ''}"


def _read_kept(file: Path) -> str | None:
    """What was kept there by this user: the folder is everybody's."""
    with suppress(OSError, UnicodeDecodeError):
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, encoding="ascii") as kept:
            if not hasattr(os, "getuid") or os.fstat(kept.fileno()).st_uid == os.getuid():
                return kept.read(64) or None
    return None
