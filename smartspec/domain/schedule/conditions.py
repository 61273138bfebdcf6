"""What has to hold on the machine for a schedule to start: on mains, on a network, idle, a path, a command.

What the system does not tell counts as met, and is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain.jsontext import Json, JsonObject, as_mapping, texts
from smartspec.domain.ranges import Range
from smartspec.domain.text import did_you_mean
from smartspec.domain.times import parse_duration_ms
from smartspec.errors import Invalid
from smartspec.formatting import format_duration
from smartspec.messages import Message, _, _p, listed
from smartspec.value import frozen

_IDLE = Range(1_000, 86_400_000, "ms")
_KEYS = ("mains", "networks", "idle", "path", "command")


@frozen
class Conditions:
    """Of `networks` one is enough; a metered one counts as none. `command` is for a shell, and ends with 0."""

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


@frozen
class MachineState:
    """What the system tells now; None is what it does not. `battery_percent` is None on mains too."""

    on_battery: bool | None = None
    battery_percent: int | None = None
    networks: tuple[str, ...] | None = None
    is_metered: bool | None = None
    idle_ms: int | None = None
    has_path: bool | None = None
    exit_code: int | None = None


def parse_conditions(given: Json) -> Conditions:
    """`{"mains": true, "networks": ["home"], "idle": "10m", "path": "/media/disk", "command": "ping -c1 nas"}`.

    Raises Invalid.
    """
    stored = as_mapping(given)
    for key in stored:
        if key not in _KEYS:
            guess = did_you_mean(key, _KEYS)
            raise Invalid(
                _("There is no condition “{key}”; there are {known}{guess}", key=key, known=listed(_KEYS), guess=guess)
            )
    idle = parse_duration_ms(stored["idle"]) if stored.get("idle") else 0
    if idle and idle not in _IDLE:
        raise Invalid(_("A machine is idle for a second to a day, not for {duration}.", duration=format_duration(idle)))
    return Conditions(
        stored.get("mains") is True,
        tuple(texts(stored.get("networks"))),
        idle,
        _text(stored, "path"),
        _text(stored, "command"),
    )


def _text(stored: JsonObject, key: str) -> str:
    value = stored.get(key, "")
    if not isinstance(value, str) or "\0" in value:
        raise Invalid(_("The condition “{key}” must be a text.", key=key))
    return value.strip()


def unmet(conditions: Conditions, state: MachineState) -> str:
    """The reason of the first that does not hold, as it is stored; empty: none is known not to."""
    return next(_unmet(conditions, state), "")


def _unmet(conditions: Conditions, state: MachineState) -> Iterator[str]:
    if conditions.mains and state.on_battery:
        yield "battery" if state.battery_percent is None else f"battery: {state.battery_percent}"
    if conditions.networks and state.is_metered:
        yield "metered"
    if conditions.networks and state.networks is not None and not set(conditions.networks) & set(state.networks):
        yield f"network: {', '.join(conditions.networks)}"
    if conditions.idle_ms and state.idle_ms is not None and state.idle_ms < conditions.idle_ms:
        yield f"idle: {conditions.idle_ms}"
    if conditions.path and state.has_path is False:
        yield f"path: {conditions.path}"
    if conditions.command and state.exit_code:
        yield f"command: {state.exit_code}"


def untold(conditions: Conditions, state: MachineState) -> tuple[Message, ...]:
    """What was asked for and the system does not tell."""
    found = []
    if conditions.mains and state.on_battery is None:
        found.append(_("This system does not tell whether it is on mains; that counts as met."))
    if conditions.networks and state.networks is None:
        found.append(_("This system does not tell its network; that counts as met."))
    if conditions.idle_ms and state.idle_ms is None:
        found.append(_("This system does not tell how long it has been idle; that counts as met."))
    return tuple(found)


def conditions_in_words(conditions: Conditions) -> Message | None:
    """“on mains power, on home or office”; None: there are none."""
    parts = list(_words(conditions))
    return listed(parts) if parts else None


def _words(conditions: Conditions) -> Iterator[Message]:
    if conditions.mains:
        yield _("on mains power")
    if conditions.networks:
        *rest, last = conditions.networks
        either = _p("the last two of several", "{list} or {last}", list=listed(rest), last=last) if rest else last
        yield _("on the network {networks}", networks=either)
    if conditions.idle_ms:
        yield _("idle for {duration}", duration=format_duration(conditions.idle_ms))
    if conditions.path:
        yield _("when {path} is there", path=conditions.path)
    if conditions.command:
        yield _("when “{command}” succeeds", command=conditions.command)
