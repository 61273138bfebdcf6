"""The time zone of this machine, as it is set now: it may be changed while a process lives."""

from __future__ import annotations

import os
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

_LOCALTIME = Path("/etc/localtime")
_DATABASE = "zoneinfo/"  # what stands before the name of a zone in the path of its file


def machine_zone() -> tzinfo:
    """With its changes of the clock, where the system says which it is; else as far from UTC as it is now."""
    if variable := os.environ.get("TZ", "").removeprefix(":"):
        return _named(variable) or _offset()
    path = os.path.realpath(_LOCALTIME)
    _before, found, name = path.rpartition(_DATABASE)
    if found and (zone := _named(name)) is not None:
        return zone
    try:
        return _from_file(path, _LOCALTIME.stat().st_mtime_ns)
    except OSError:
        return _offset()


def zone_name(zone: tzinfo) -> str:
    """As a person knows it."""
    return getattr(zone, "key", None) or datetime.now(zone).strftime("UTC%z")


@lru_cache(maxsize=16)
def _named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return None


@lru_cache(maxsize=16)
def _from_file(path: str, changed_at: int) -> ZoneInfo:
    """Once for each content: zones are compared as things."""
    with Path(path).open("rb") as file:
        return ZoneInfo.from_file(file)


def _offset() -> tzinfo:
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None, "an aware time has a zone"
    return zone
