"""What the application says of itself: the log of a runner that nobody watches, and reports of its own errors."""

import logging
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from smartspec import __version__

LARGEST_BYTES = 1_000_000
_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
LEVELS = ("debug", "info", "warning", "error")


def file_in(folder: Path) -> Path:
    """The log that `keep` writes in a folder; older ones are named the same with .1 and .2 behind."""
    return folder / "smartspec.log"


def keep(folder: Path, level: str = "info") -> None:
    """From now on write to `smartspec.log` in this folder, for the owner alone; two older files are kept."""
    from logging.handlers import RotatingFileHandler

    file = file_in(folder)
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    handler = RotatingFileHandler(file, maxBytes=LARGEST_BYTES, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger = logging.getLogger("smartspec")
    logger.addHandler(handler)
    logger.setLevel(level.upper())


def write_report(folder: Path, text: str) -> Path | None:
    """Keep what is needed to find a bug, in a file of its own below `folder`; None where it cannot be kept."""
    reports = folder / "reports"
    try:
        for place in (*reversed(reports.parents), reports):  # one by one: `parents` would leave them to the umask
            place.mkdir(exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(".txt", f"{datetime.now(UTC):%Y%m%dT%H%M%S}-", reports)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"SmartSpec {__version__}, Python {sys.version}, {sys.platform}\n{text}")
    except OSError:
        return None
    return Path(name)
