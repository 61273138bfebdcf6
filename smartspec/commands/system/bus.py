"""Questions over the D-Bus of the system. No service is started for them, and each look is bounded in time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from smartspec.value import frozen

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

SECONDS = 3.0  # for everything that is asked of one connection


class Untold(Exception):
    """The system does not tell it."""


@frozen
class Place:
    """An object of a service, and one of its interfaces."""

    service: str
    path: str
    interface: str


class Bus:
    """An open connection. What is answered is as the service has it: trusted to be of its documented type only where it
    is looked at."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self._until = time.monotonic() + SECONDS

    def get(self, place: Place, name: str) -> Any:
        """A property. Raises Untold."""
        signature_and_value = self._ask(_PROPERTIES, place, "Get", "ss", (place.interface, name))
        return signature_and_value[1]

    def get_all(self, place: Place) -> Mapping[str, Any]:
        """Its properties by name. Raises Untold."""
        found = self._ask(_PROPERTIES, place, "GetAll", "s", (place.interface,))
        return {name: value for name, (_signature, value) in found.items()}

    def call(self, place: Place, method: str) -> Any:
        """The first result of a method without arguments. Raises Untold."""
        return self._ask(place.interface, place, method, None, ())

    def _ask(self, interface: str, place: Place, method: str, signature: str | None, asked: tuple[object, ...]) -> Any:
        from jeepney import DBusAddress, MessageFlag, MessageType, new_method_call

        address = DBusAddress(place.path, bus_name=place.service, interface=interface)
        message = new_method_call(address, method, signature, asked)
        message.header.flags |= MessageFlag.no_auto_start
        try:
            answer: Message = self._connection.send_and_get_reply(message, timeout=self._until - time.monotonic())
        except (OSError, ValueError) as error:  # a timeout is an OSError, too
            raise Untold from error
        if answer.header.message_type is MessageType.error or not answer.body:
            raise Untold
        return answer.body[0]


_PROPERTIES = "org.freedesktop.DBus.Properties"


@contextmanager
def system_bus() -> Iterator[Bus]:
    """Raises Untold where there is none, as on another system than Linux."""
    if sys.platform != "linux":
        raise Untold
    from jeepney.io.blocking import open_dbus_connection

    try:
        connection = open_dbus_connection("SYSTEM", auth_timeout=SECONDS)
    except (OSError, ValueError, KeyError, StopIteration, RuntimeError) as error:
        raise Untold from error
    try:
        yield Bus(connection)
    finally:
        with suppress(OSError):
            connection.close()
