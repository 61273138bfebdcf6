"""The networks that this machine is on, and those that it knows, by the names that its settings show.

NetworkManager: networkmanager.dev/docs/api/latest, the D-Bus API.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress

from smartspec.commands.system import elsewhere
from smartspec.commands.system.bus import Bus, Place, Untold, system_bus
from smartspec.value import frozen

_NAME = "org.freedesktop.NetworkManager"
_MANAGER = Place(_NAME, "/org/freedesktop/NetworkManager", _NAME)
_SETTINGS = Place(_NAME, "/org/freedesktop/NetworkManager/Settings", f"{_NAME}.Settings")
_ACTIVATED = 2  # NMActiveConnectionState
_METERED = (1, 3)  # NMMetered: yes, and guessed to be
_NONE = "loopback"  # a kind of connection that leads nowhere


@frozen
class Network:
    """`is_metered` says that what goes over it is paid for, or may be; of one that is not in use nobody asks."""

    name: str
    is_in_use: bool
    is_metered: bool = False


def networks_in_use() -> tuple[Network, ...] | None:
    """None: this system does not tell."""
    if sys.platform != "linux":
        names = elsewhere.networks()
        return None if names is None else tuple(Network(each, True) for each in names)
    try:
        with system_bus() as bus:
            return tuple(_in_use(bus))
    except Untold:
        return None


def known_networks() -> tuple[Network, ...] | None:
    """Those in use first, then those that are remembered, by name. None: this system does not tell."""
    here = networks_in_use()
    if here is None:
        return None
    names = {each.name for each in here}
    remembered = set[str]()
    with suppress(Untold), system_bus() as bus:
        remembered.update(_remembered(bus))
    others = sorted(remembered - names, key=lambda name: (name.casefold(), name))
    return (*here, *(Network(each, False) for each in others))


def _in_use(bus: Bus) -> Iterator[Network]:
    for path in bus.get(_MANAGER, "ActiveConnections"):
        with suppress(Untold):  # it has just gone
            found = bus.get_all(Place(_NAME, path, f"{_NAME}.Connection.Active"))
            if found.get("State") == _ACTIVATED and found.get("Type") != _NONE:
                yield Network(str(found["Id"]), True, any(_is_metered(bus, each) for each in found.get("Devices", ())))


def _is_metered(bus: Bus, device: str) -> bool:
    return bus.get(Place(_NAME, device, f"{_NAME}.Device"), "Metered") in _METERED


def _remembered(bus: Bus) -> Iterator[str]:
    for path in bus.call(_SETTINGS, "ListConnections"):
        with suppress(Untold):
            settings = bus.call(Place(_NAME, path, f"{_NAME}.Settings.Connection"), "GetSettings")
            kept = {name: value for name, (_signature, value) in settings.get("connection", {}).items()}
            if kept.get("type") != _NONE and kept.get("id"):
                yield str(kept["id"])
