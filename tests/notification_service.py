"""A stand-in for the desktop's service of notifications, on a bus of its own; also the process that is that service.

It answers `Notify` with a number and prints what it was given, a line of JSON each; a line `click 1` or `close 1` on its
input is what a person does; any other verb is a button of that name.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

from tests.private_bus import PrivateBus

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


class NotificationService(PrivateBus):
    def __init__(self) -> None:
        super().__init__(__file__)

    def shown(self) -> Any:
        """The next message; it waits for one."""
        return json.loads(self.read())


def _serve() -> None:
    from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
    from jeepney.io.blocking import open_dbus_connection

    connection = open_dbus_connection("SESSION")
    connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=30)
    emitter = DBusAddress(PATH, interface=NAME)

    def obey() -> None:
        for line in sys.stdin:
            verb, number = line.split()
            if verb == "close":
                connection.send(new_signal(emitter, "NotificationClosed", "uu", (int(number), 2)))
            else:
                action = "default" if verb == "click" else verb
                connection.send(new_signal(emitter, "ActionInvoked", "us", (int(number), action)))

    threading.Thread(target=obey, daemon=True).start()
    print("ready", flush=True)
    count = 0
    while True:
        asked = connection.receive()
        is_call = asked.header.message_type is MessageType.method_call
        if is_call and asked.header.fields.get(HeaderFields.member) == "Notify":
            count += 1
            _name, _replaced, _icon, title, body, actions, _hints, _expires = asked.body
            connection.send(new_method_return(asked, "u", (count,)))
            print(json.dumps({"number": count, "title": title, "body": body, "actions": actions}), flush=True)


if __name__ == "__main__":
    _serve()
