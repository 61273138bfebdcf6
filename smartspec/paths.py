"""Where things are kept. Nothing here touches the disk."""

import os
import sys
from pathlib import Path

DATABASE_NAME = "smartspec.db"


def data_folder() -> Path:
    """The database and what stands beside it: SMARTSPEC_HOME, else the platform's folder."""
    if home := os.environ.get("SMARTSPEC_HOME"):
        return Path(home) / "data"
    import platformdirs  # 5 ms

    return Path(platformdirs.user_data_dir("smartspec", appauthor=False))


def database_path() -> Path:
    """The database in use when none is named: SMARTSPEC_DB, else in the data folder."""
    named = os.environ.get("SMARTSPEC_DB")
    return Path(named) if named else data_folder() / DATABASE_NAME


def expanded(path: Path) -> Path:
    """With the home folder for `~`; one whose owner is not known stays as it is, as a shell leaves it."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path's raises a RuntimeError then


def resources() -> Path:
    """Icons, the schema and the samples: beside the package in a checkout, inside it when installed or frozen."""
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(frozen) / "smartspec" if frozen else Path(__file__).parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
