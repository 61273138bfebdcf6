"""A stand-in for the Secret Service (GNOME Keyring), on a bus of its own; also the process that is that service.

It has one secret, and knows it by whatever it is asked for. Told `lock` or `unlock` on its input it answers `ok`; locked,
it would ask a person who never answers, and prints `asked`.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from tests.private_bus import PrivateBus

SECRET = "hunter2-hunter2"
NAME, PATH, COLLECTION = "org.freedesktop.secrets", "/org/freedesktop/secrets", "/org/freedesktop/secrets/collection/a"


class SecretService(PrivateBus):
    def __init__(self) -> None:
        super().__init__(__file__)

    def lock(self) -> None:
        self._set("lock")

    def unlock(self) -> None:
        self._set("unlock")

    def _set(self, word: str) -> None:
        self.tell(word)
        while (said := self.read()) != "ok":
            assert said == "asked"


def _serve() -> None:
    from jeepney import HeaderFields, MessageType, message_bus, new_error, new_method_return
    from jeepney.io.blocking import open_dbus_connection

    connection = open_dbus_connection("SESSION")
    connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=30)
    is_locked = threading.Event()

    def obey() -> None:
        for line in sys.stdin:
            (is_locked.set if line.strip() == "lock" else is_locked.clear)()
            print("ok", flush=True)

    def answer(member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]] | None:
        if member == "Get":
            return "v", (("b", is_locked.is_set()) if body[1] == "Locked" else ("s", "a label"),)
        if member == "OpenSession" and body[0] == "plain":
            return "vo", (("s", ""), f"{PATH}/session/s")
        if member == "SearchItems":
            return "ao", ([f"{COLLECTION}/1"],)
        if member == "GetSecret":
            return "(oayays)", ((f"{PATH}/session/s", b"", SECRET.encode(), "text/plain"),)
        if member == "Unlock":
            return "aoo", (body[0], "/") if not is_locked.is_set() else ([], f"{PATH}/prompt/p")
        if member == "Prompt":
            print("asked", flush=True)
            return "", ()
        return None

    threading.Thread(target=obey, daemon=True).start()
    print("ready", flush=True)
    while True:
        asked = connection.receive()
        if asked.header.message_type is not MessageType.method_call:
            continue
        found = answer(asked.header.fields[HeaderFields.member], asked.body)
        if found is None:
            connection.send(new_error(asked, "org.freedesktop.DBus.Error.NotSupported"))
        else:
            connection.send(new_method_return(asked, *found))


if __name__ == "__main__":
    _serve()
