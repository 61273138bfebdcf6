"""`run:` a script for a shell."""

import os
from pathlib import Path

from smartspec.domain.execution import file_stem
from smartspec.errors import RunError, reason
from smartspec.messages import _
from smartspec.runner.kinds.start import Start

_LONGEST_ARGUMENT_BYTES = 100_000  # Linux refuses one argument of 128 KiB or more (execve(2))
_ARGUMENTS = {
    "pwsh": ["-NoProfile", "-NonInteractive", "-Command"],
    "powershell": ["-NoProfile", "-NonInteractive", "-Command"],
    "sh": ["-ec"],
    "bash": ["-ec"],
    "dash": ["-ec"],
    "zsh": ["-ec"],
    "ksh": ["-ec"],
}


def prepare(start: Start) -> tuple[list[str], bytes | None]:
    """The argv and the standard input (None: empty)."""
    script = str(start.body["run"])
    shell = start.body.get("shell")
    if shell is None and os.name == "nt":
        return ["cmd.exe", "/d", "/q", "/c", str(_file(start, script.replace("\n", "\r\n"), ".cmd"))], None
    shell = str(shell or "sh")
    name = Path(shell).name.removesuffix(".exe")
    if len(script.encode()) > _LONGEST_ARGUMENT_BYTES:
        errors_end_it = ["-e"] if _ARGUMENTS.get(name) == ["-ec"] else []
        return [shell, *errors_end_it, str(_file(start, script, ""))], None
    return [shell, *_ARGUMENTS.get(name, ["-c"]), script], None


def _file(start: Start, script: str, suffix: str) -> Path:
    """A new file, whatever another task put in its place. Raises RunError."""
    path = start.scratch / f".{file_stem(start.name)}{suffix}"
    try:
        path.unlink(missing_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as opened:
            opened.write(script.encode())
    except OSError as error:
        folder, why = start.scratch, reason(error)
        raise RunError(
            _("The script cannot be written to the scratch folder {folder}: {why}.", folder=folder, why=why)
        ) from error
    return path
