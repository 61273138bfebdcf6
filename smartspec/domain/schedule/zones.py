"""The zone of a schedule, by its name."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.messages import _


@lru_cache(maxsize=256)
def parse_zone(name: str) -> ZoneInfo:
    """The zone `Europe/Berlin`. Raises Invalid where none has that name."""
    try:
        if name in ("", "localtime", "posixrules") or name.startswith(("/", "posix/", "right/")):
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # what is no key, has no file, or names a folder
        guess = did_you_mean(name, sorted(available_timezones()))
        raise Invalid(_("There is no time zone “{name}”{guess}", name=name[:60], guess=guess)) from None
