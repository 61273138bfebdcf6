"""A stand-in for the notification area of a desktop, on a bus of its own; also the process that is its watcher.

A line `look` on its input is answered with what the icon says, `menu` with the lines of its menu, `choose TEXT` chooses
one, `click` is a click on the icon, `leave` takes the area away.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

NAME, PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
ITEM, MENU = "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"


class TrayWatcher:
    """`address` is that of the bus."""

    is_possible = shutil.which("dbus-daemon") is not None

    def __init__(self) -> None:
        self._bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().strip()
        self._service: subprocess.Popen[str] | None = None

    def come(self) -> None:
        """From now on there is a place for icons."""
        self._service = subprocess.Popen(
            [sys.executable, __file__], env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": self.address},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._service.stdout is not None
        assert self._service.stdout.readline() == "ready\n"

    def go(self) -> None:
        """From now on there is none."""
        if self._service is not None:
            self._service.kill()
            self._service.communicate()
            self._service = None

    def ask(self, what: str) -> Any:
        """None while there is no icon."""
        assert self._service is not None and self._service.stdin is not None and self._service.stdout is not None
        print(what, file=self._service.stdin, flush=True)
        return json.loads(self._service.stdout.readline())

    def close(self) -> None:
        self.go()
        self._bus.kill()
        self._bus.communicate()


class _Watcher:
    def __init__(self) -> None:
        from jeepney import message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._connection = open_dbus_connection("SESSION")
        self._connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=30)
        self._item = ""
        self._asked: queue.Queue[str] = queue.Queue()

    def serve(self) -> None:
        threading.Thread(target=self._hear, daemon=True).start()
        print("ready", flush=True)
        while True:
            with suppress(TimeoutError):
                self._answer(self._connection.receive(timeout=0.02))
            while not self._asked.empty():
                try:
                    answer = self._obey(*self._asked.get().split(" ", 1))
                except LookupError as error:
                    print(error, file=sys.stderr)
                    answer = None
                print(json.dumps(answer), flush=True)

    def _hear(self) -> None:
        for line in sys.stdin:
            self._asked.put(line.strip())

    def _answer(self, message: Any) -> None:
        from jeepney import HeaderFields, MessageType, new_method_return

        if message.header.message_type is not MessageType.method_call:
            return
        fields = message.header.fields
        if fields.get(HeaderFields.member) == "RegisterStatusNotifierItem":
            self._item = message.body[0] if "." in message.body[0] else fields[HeaderFields.sender]
            self._connection.send(new_method_return(message))
        elif fields.get(HeaderFields.member) == "Get":
            values = {"IsStatusNotifierHostRegistered": ("b", True), "ProtocolVersion": ("i", 0)}
            answer = values.get(message.body[1], ("as", [self._item] if self._item else []))
            self._connection.send(new_method_return(message, "v", (answer,)))
        elif fields.get(HeaderFields.member) == "GetAll":
            self._connection.send(new_method_return(message, "a{sv}", ({},)))

    def _obey(self, verb: str, what: str = "") -> Any:
        if not self._item:
            return None
        if verb == "look":
            pixmaps = self._get(ITEM, "/StatusNotifierItem", "IconPixmap")
            return {
                "tip": self._get(ITEM, "/StatusNotifierItem", "ToolTip")[2],
                "sizes": sorted(each[0] for each in pixmaps), "picture": hash(bytes(pixmaps[0][2])),
            }  # fmt: skip
        if verb == "click":
            self._call(ITEM, "/StatusNotifierItem", "Activate", "ii", (0, 0))
            return True
        path = self._get(ITEM, "/StatusNotifierItem", "Menu")
        rows = list(self._rows(self._call(MENU, path, "GetLayout", "iias", (0, -1, []))[1]))
        if verb == "menu":
            return [text for _id, text in rows]
        number = next((id_ for id_, text in rows if text == what), None)
        if number is not None:
            self._call(MENU, path, "Event", "isvu", (number, "clicked", ("i", 0), 0))
        return number is not None

    def _rows(self, layout: Any) -> Any:
        for _signature, (id_, properties, inner) in layout[2]:
            if "label" in properties:
                yield id_, properties["label"][1].replace("__", "_")
            yield from self._rows((id_, properties, inner))

    def _get(self, interface: str, path: str, name: str) -> Any:
        return self._call("org.freedesktop.DBus.Properties", path, "Get", "ss", (interface, name))[0][1]

    def _call(self, interface: str, path: str, name: str, signature: str, values: tuple[object, ...]) -> Any:
        from jeepney import DBusAddress, MessageType, new_method_call

        address = DBusAddress(path, bus_name=self._item, interface=interface)
        call = new_method_call(address, name, signature, values)
        answer = self._connection.send_and_get_reply(call, timeout=30)
        if answer.header.message_type is MessageType.error:
            raise LookupError(answer.body)  # it has gone meanwhile
        return answer.body


if __name__ == "__main__":
    _Watcher().serve()
