"""The application's own log: what a runner has to say when nobody watches it."""

import logging
import os
from pathlib import Path

LARGEST_BYTES = 1_000_000
_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def keep(folder: Path) -> None:
    """From now on write to `smartspec.log` in this folder, for the owner alone; two older files are kept."""
    from logging.handlers import RotatingFileHandler

    file = folder / "smartspec.log"
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    handler = RotatingFileHandler(file, maxBytes=LARGEST_BYTES, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger = logging.getLogger("smartspec")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
