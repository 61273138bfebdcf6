"""What has to hold on the machine for a schedule to start: on mains, on a network, idle, a path, a command."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from smartspec.domain.invisible import check_one_line
from smartspec.domain.jsontext import Json, JsonObject, as_mapping
from smartspec.domain.ranges import Range
from smartspec.domain.text import did_you_mean
from smartspec.domain.times import parse_duration_ms
from smartspec.errors import Invalid, Problem
from smartspec.formatting import format_duration
from smartspec.messages import Message, _, _p, listed, sentences
from smartspec.value import frozen

T = TypeVar("T")
IDLE = Range(1_000, 86_400_000, "ms")
COMMAND_SECONDS = 30
_KEYS = ("mains", "networks", "idle", "path", "command")
_LONGEST_NETWORK, _LONGEST_PATH, _LONGEST_COMMAND = 200, 4_096, 2_000


@frozen
class Conditions:
    """Of `networks` one is enough; a metered one counts as none. `command` is one line for the shell of the system, and
    holds where it ends with exit code 0 within `COMMAND_SECONDS`. Empty, or 0: not asked for.
    """

    mains: bool = False
    networks: tuple[str, ...] = ()
    idle_ms: int = 0
    path: str = ""
    command: str = ""

    def __bool__(self) -> bool:
        return self != _NONE

    def as_json(self) -> JsonObject:
        """As `parse_conditions` reads it."""
        given: JsonObject = {
            "mains": self.mains, "networks": list(self.networks), "idle": f"{self.idle_ms}ms" if self.idle_ms else "",
            "path": self.path, "command": self.command,
        }  # fmt: skip
        return {key: value for key, value in given.items() if value}


_NONE = Conditions()


def parse_conditions(given: Json) -> Conditions:
    """`{"mains": true, "networks": ["home"], "idle": "10m", "path": "/media/disk", "command": "ping -c1 nas"}`; what is
    empty is not asked for.

    Raises Invalid, with everything that is wrong.
    """
    stored = as_mapping(given)
    problems = [Problem(key, _unknown(key)) for key in stored if key not in _KEYS]

    def read(key: str, parse: Callable[[Json], T], nothing: T) -> T:
        try:
            return parse(stored[key]) if stored.get(key) not in (None, "") else nothing
        except Invalid as error:
            problems.append(Problem(key, error.sentence))
            return nothing

    found = Conditions(
        read("mains", _yes_or_no, False), read("networks", _networks, ()), read("idle", _idle, 0),
        read("path", _path, ""), read("command", _command, ""),
    )  # fmt: skip
    if problems:
        raise Invalid(sentences(each.sentence for each in problems), problems)
    return found


def _unknown(key: str) -> Message:
    guess = did_you_mean(key, _KEYS)
    return _("There is no condition “{key}”; there are {known}{guess}", key=key, known=listed(_KEYS), guess=guess)


def _yes_or_no(value: Json) -> bool:
    if not isinstance(value, bool):
        raise Invalid(_("The condition “{key}” is true or false.", key="mains"))
    return value


def _networks(value: Json) -> tuple[str, ...]:
    """Each once, in the order given."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Invalid(_("The condition “{key}” must be a list of names.", key="networks"))
    names = (check_one_line(each.strip(), _("The name of a network"), _LONGEST_NETWORK) for each in value)
    return tuple(dict.fromkeys(name for name in names if name))


def _idle(value: Json) -> int:
    idle = parse_duration_ms(value)
    if idle and idle not in IDLE:
        raise Invalid(_("A machine is idle for a second to a day, not for {duration}.", duration=format_duration(idle)))
    return idle


def _path(value: Json) -> str:
    path = _line(value, "path", _("The path that has to be there"), _LONGEST_PATH)
    if path and not Path(path).is_absolute():
        example = Path(os.sep, "media", "disk").absolute()
        raise Invalid(
            _("“{path}” is no whole path: write it from the root on, as {example}.", path=path, example=example)
        )
    return path


def _command(value: Json) -> str:
    return _line(value, "command", _("The command that has to succeed"), _LONGEST_COMMAND)


def _line(value: Json, key: str, what: str, longest: int) -> str:
    if not isinstance(value, str):
        raise Invalid(_("The condition “{key}” must be a text.", key=key))
    return check_one_line(value.strip(), what, longest)


def conditions_in_short(conditions: Conditions) -> Message | None:
    """“mains, home or office”, for a column that says what these are; None: there are none."""
    parts = list(_short(conditions))
    return listed(parts) if parts else None


def _short(conditions: Conditions) -> Iterator[Message | str]:
    if conditions.mains:
        yield _("mains")
    if conditions.networks:
        yield _either(conditions.networks)
    if conditions.idle_ms:
        yield _("idle {duration}", duration=format_duration(conditions.idle_ms))
    if conditions.path:
        yield conditions.path
    if conditions.command:
        yield _("“{command}”", command=conditions.command)


def _either(names: tuple[str, ...]) -> Message | str:
    *rest, last = names
    return _p("the last two of several", "{list} or {last}", list=listed(rest), last=last) if rest else last


def conditions_in_words(conditions: Conditions) -> Message | None:
    """To follow “only”: “on mains power, on the network home or office”; None: there are none."""
    parts = list(_words(conditions))
    return listed(parts) if parts else None


def _words(conditions: Conditions) -> Iterator[Message]:
    if conditions.mains:
        yield _("on mains power")
    if conditions.networks:
        yield _("on the network {networks}", networks=_either(conditions.networks))
    if conditions.idle_ms:
        yield _("when idle for {duration}", duration=format_duration(conditions.idle_ms))
    if conditions.path:
        yield _("when {path} is there", path=conditions.path)
    if conditions.command:
        yield _("when “{command}” succeeds", command=conditions.command)
