"""Stand-ins for UPower, NetworkManager and login1, on a bus of their own; also the process that is all three.

It is told what to say with a line of JSON on its input, and answers `ok`:
`{"power": {"OnBattery": true, "Percentage": 34.0}, "idle": {…}, "networks": [{"id": "home", "metered": 1}],
"remembered": ["office"], "silent": ["power"]}`. What is left out is not there; what is silent never answers.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from typing import Any

from tests.private_bus import PrivateBus

NAMES = {
    "power": "org.freedesktop.UPower",
    "idle": "org.freedesktop.login1",
    "networks": "org.freedesktop.NetworkManager",
}
_NM = "/org/freedesktop/NetworkManager"


class MachineServices(PrivateBus):
    def __init__(self) -> None:
        super().__init__(__file__, "DBUS_SYSTEM_BUS_ADDRESS")

    def say(self, **state: Any) -> None:
        """From now on."""
        self.tell(json.dumps(state))
        assert self.read() == "ok"


def _properties(state: dict[str, Any], path: str, interface: str) -> dict[str, tuple[str, object]]:
    """Those of an object, by name, as D-Bus has them; KeyError where there is no such object."""
    networks = state.get("networks", [])
    match path.removeprefix("/org/freedesktop/"), interface.removeprefix("org.freedesktop."):
        case "UPower", "UPower":
            return {"OnBattery": ("b", state["power"]["OnBattery"])}
        case "UPower/devices/DisplayDevice", "UPower.Device":
            return {"Percentage": ("d", state["power"]["Percentage"])}
        case "login1", "login1.Manager":
            idle = state["idle"]
            return {
                "IdleHint": ("b", idle["IdleHint"]),
                "IdleSinceHintMonotonic": ("t", idle.get("IdleSinceHintMonotonic", 0)),
            }
        case "NetworkManager", "NetworkManager":
            return {"ActiveConnections": ("ao", [f"{_NM}/ActiveConnection/{n}" for n in range(len(networks))])}
        case place, "NetworkManager.Connection.Active":
            each = networks[int(place.rpartition("/")[2])]
            return {
                "Id": ("s", each["id"]), "Type": ("s", each.get("type", "802-11-wireless")),
                "State": ("u", each.get("state", 2)), "Vpn": ("b", False),
                "Devices": ("ao", [f"{_NM}/Devices/{networks.index(each)}"]),
            }  # fmt: skip
        case place, "NetworkManager.Device":
            return {"Metered": ("u", networks[int(place.rpartition("/")[2])].get("metered", 4))}
    raise KeyError(path)


def _answer(state: dict[str, Any], path: str, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[object, ...]]:
    if member == "Get":
        return "v", (_properties(state, path, body[0])[body[1]],)
    if member == "GetAll":
        return "a{sv}", (_properties(state, path, body[0]),)
    remembered = state.get("remembered", [])
    if member == "ListConnections":
        return "ao", ([f"{_NM}/Settings/{number}" for number in range(len(remembered))],)
    name = remembered[int(path.rpartition("/")[2])]
    kind = "loopback" if name == "lo" else "802-11-wireless"
    return "a{sa{sv}}", ({"connection": {"id": ("s", name), "type": ("s", kind)}},)


def _serve() -> None:
    from jeepney import HeaderFields, Message, MessageFlag, MessageType, message_bus, new_error, new_method_return
    from jeepney.io.blocking import open_dbus_connection

    connection, state = open_dbus_connection("SYSTEM"), dict[str, Any]()
    owned, answers = set[str](), queue.SimpleQueue[Message]()

    def obey() -> None:
        for line in sys.stdin:
            told = json.loads(line)
            for key, name in NAMES.items():
                if (key in told) != (name in owned):
                    change = message_bus.RequestName if key in told else message_bus.ReleaseName
                    connection.send(change(name))
                    answers.get()
                    owned.symmetric_difference_update([name])
            state.clear()
            state.update(told)
            print("ok", flush=True)

    threading.Thread(target=obey, daemon=True).start()
    print("ready", flush=True)
    while True:
        asked = connection.receive()
        fields = asked.header.fields
        if asked.header.message_type is MessageType.method_return:
            answers.put(asked)
        if asked.header.message_type is not MessageType.method_call:
            continue
        assert asked.header.flags & MessageFlag.no_auto_start, "nothing is started for a question"
        silent = (NAMES[key] for key in state.get("silent", []))
        if fields[HeaderFields.destination] in silent:
            continue
        try:
            signature, body = _answer(state, fields[HeaderFields.path], fields[HeaderFields.member], asked.body)
        except (KeyError, IndexError):
            connection.send(new_error(asked, "org.freedesktop.DBus.Error.UnknownObject"))
        else:
            connection.send(new_method_return(asked, signature, body))


if __name__ == "__main__":
    _serve()
