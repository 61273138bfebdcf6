"""What the system tells of the machine, held against the conditions of a schedule.

What it does not tell counts as met, and is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain.schedule.conditions import Conditions
from smartspec.value import frozen


@frozen
class CommandEnd:
    """`exit_code` is that of a shell, None where the command did not end in time; `last_line` is of what it said."""

    exit_code: int | None
    last_line: str = ""


@frozen
class MachineState:
    """What the system tells now; None is what it does not, or was not asked. `battery_percent` is None on mains too.
    `networks` are the names of those that are in use, without the `metered` ones.
    """

    on_battery: bool | None = None
    battery_percent: int | None = None
    networks: tuple[str, ...] | None = None
    metered: tuple[str, ...] = ()
    idle_ms: int | None = None
    has_path: bool | None = None
    command: CommandEnd | None = None


def unmet(conditions: Conditions, state: MachineState) -> str:
    """The reason of the first that does not hold, as it is stored; empty: none is known not to."""
    return next(_unmet(conditions, state), "")


def _unmet(conditions: Conditions, state: MachineState) -> Iterator[str]:
    if conditions.mains and state.on_battery:
        yield "battery" if state.battery_percent is None else f"battery: {state.battery_percent}"
    if conditions.networks and state.networks is not None and not set(conditions.networks) & set(state.networks):
        metered = [name for name in conditions.networks if name in state.metered]
        yield f"metered: {', '.join(metered)}" if metered else f"network: {', '.join(conditions.networks)}"
    if conditions.idle_ms and state.idle_ms is not None and state.idle_ms < conditions.idle_ms:
        yield f"idle: {conditions.idle_ms}"
    if conditions.path and state.has_path is False:
        yield f"path: {conditions.path}"
    if conditions.command and state.command is not None and state.command.exit_code != 0:
        yield _command_reason(state.command)


def _command_reason(end: CommandEnd) -> str:
    code = "time" if end.exit_code is None else str(end.exit_code)
    return f"command: {code}: {end.last_line}" if end.last_line else f"command: {code}"


def untold(conditions: Conditions, state: MachineState) -> str:
    """What was asked for and the system does not tell, as it is stored behind a reason: “untold: mains idle”."""
    missing = [
        key
        for key, is_asked, told in (
            ("mains", conditions.mains, state.on_battery),
            ("networks", bool(conditions.networks), state.networks),
            ("idle", bool(conditions.idle_ms), state.idle_ms),
        )
        if is_asked and told is None
    ]
    return f"untold: {' '.join(missing)}" if missing else ""
