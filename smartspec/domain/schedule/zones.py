"""The zone of a schedule, by its name."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.messages import _

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?")
_EAST, _WEST = range(15), range(13)  # hours from UTC for which there is a zone
_PLACES = {  # that keep such an offset all year
    "+03:30": "Asia/Tehran", "+04:30": "Asia/Kabul", "+05:30": "Asia/Kolkata", "+05:45": "Asia/Kathmandu",
    "+06:30": "Asia/Yangon", "+08:45": "Australia/Eucla", "+09:30": "Australia/Darwin", "-09:30": "Pacific/Marquesas",
}  # fmt: skip
_OF_THE_MACHINE = frozenset({"localtime", "posixrules"})  # files beside the zones, other ones on each


@lru_cache(maxsize=256)
def parse_zone(name: str) -> ZoneInfo:
    """The zone `Europe/Berlin`. Raises Invalid where none has that name."""
    try:
        if not name or name in _OF_THE_MACHINE or name.startswith(("/", "posix/", "right/")):
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # what is no key, has no file, or names a folder
        if (zone := _zone_of_offset(name.strip())) is not None:
            raise Invalid(
                _(
                    "“{name}” is no time zone: write the place whose clocks it goes by, as in Europe/Berlin, or {zone} "
                    "for this distance from UTC all year.",
                    name=name[:60], zone=zone,
                )
            ) from None  # fmt: skip
        known = sorted(available_timezones() - _OF_THE_MACHINE)
        guess = did_you_mean(name, known, _("; write one as in Europe/Berlin."))
        raise Invalid(_("There is no time zone “{name}”{guess}", name=name[:60], guess=guess)) from None


def _zone_of_offset(text: str) -> str | None:
    """The name of one that is always so far from UTC; in those of whole hours the sign is the other way round."""
    if (match := _OFFSET.fullmatch(text.upper())) is None:
        return None
    sign, hours, minutes = match[1], int(match[2]), match[3] or "00"
    if minutes != "00":
        return _PLACES.get(f"{sign}{hours:02}:{minutes}")
    if hours == 0:
        return "Etc/UTC"
    if hours not in (_EAST if sign == "+" else _WEST):
        return None
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
