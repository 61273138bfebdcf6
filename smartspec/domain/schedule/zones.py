"""The zone of a schedule, by its name."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.messages import _

_OF_THE_MACHINE = frozenset({"localtime", "posixrules"})  # files beside the zones, other ones on each


@lru_cache(maxsize=256)
def parse_zone(name: str) -> ZoneInfo:
    """The zone `Europe/Berlin`. Raises Invalid where none has that name."""
    try:
        if not name or name in _OF_THE_MACHINE or name.startswith(("/", "posix/", "right/")):
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # what is no key, has no file, or names a folder
        known = sorted(available_timezones() - _OF_THE_MACHINE)
        guess = did_you_mean(name, known, _("; write one as in Europe/Berlin."))
        raise Invalid(_("There is no time zone “{name}”{guess}", name=name[:60], guess=guess)) from None
