"""A message on the desktop: org.freedesktop.Notifications on the bus of the session. A click opens the execution.

The specification: specifications.freedesktop.org/notification-spec, version 1.2.
"""

from __future__ import annotations

import html
import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from smartspec.domain.notification.action import ACTION_WORDS, MessageAction
from smartspec.messages import tr, translate
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

_SECONDS = 5.0
_PATH, _NAME = "/org/freedesktop/Notifications", "org.freedesktop.Notifications"  # of the bus and of the interface


class Desktop:
    """Belongs to one thread, which lets it `poll`. `acts` is given what was chosen in a message, and the id of the
    execution that it is about: a click on the message itself is `open`.
    """

    def __init__(self, acts: Callable[[str, str], None]) -> None:
        self._acts = acts
        self._shown: dict[int, str] = {}
        self._signals: deque[Message] = deque()
        self._connection: DBusConnection | None = None

    @property
    def has_open(self) -> bool:
        """Whether a message is still shown that can be clicked on."""
        return bool(self._shown)

    def send(self, message: OutgoingMessage) -> None:
        """Raises NotDelivered."""
        if sys.platform != "linux":
            raise NotDelivered("Messages on the desktop are sent on Linux only so far; a command can send them here.")
        try:
            number = self._notify(message)
        except (OSError, KeyError, ValueError) as error:
            self.close()
            raise NotDelivered(f"No desktop can be reached: {_one_line(error)}.") from error
        if message.execution or message.actions:
            self._shown[number] = message.execution

    def _notify(self, message: OutgoingMessage) -> int:
        from jeepney import DBusAddress, MessageType, new_method_call

        actions = ["default", tr("Open")] if message.execution else []
        for each in message.actions:
            actions += [each.value, translate(ACTION_WORDS[each])]
        body = html.escape(message.body, quote=False)
        asked: tuple[object, ...] = ("SmartSpec", 0, "", message.title, body, actions, {}, -1)
        call = new_method_call(DBusAddress(_PATH, bus_name=_NAME, interface=_NAME), "Notify", "susssasa{sv}i", asked)
        answer = self._connected().send_and_get_reply(call, timeout=_SECONDS)
        if answer.header.message_type is MessageType.error:
            raise NotDelivered(f"No desktop shows messages here: {_one_line(answer.body)}.")
        number: int = answer.body[0]
        return number

    def _connected(self) -> DBusConnection:
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        if self._connection is None:
            self._connection = open_dbus_connection(session_bus())
            rule = MatchRule(type="signal", interface=_NAME, path=_PATH)
            self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_SECONDS)
            self._connection.filter(rule, queue=self._signals)
        return self._connection

    def poll(self) -> None:
        """Hear what was clicked on or closed since the last time."""
        if self._connection is None:
            return
        try:
            while True:
                self._connection.recv_messages(timeout=0)
        except TimeoutError:
            pass
        except OSError:  # the session is over
            self.close()
        while self._signals:
            self._take(self._signals.popleft())

    def _take(self, signal: Message) -> None:
        from jeepney import HeaderFields

        name, number = signal.header.fields.get(HeaderFields.member), signal.body[0]
        if name == "ActionInvoked" and number in self._shown:
            action = str(signal.body[1])
            self._acts(MessageAction.OPEN if action == "default" else action, self._shown[number])
        elif name == "NotificationClosed":
            self._shown.pop(number, None)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        self._shown.clear()
        if connection is not None:
            with suppress(OSError):
                connection.close()


def session_bus() -> str:
    """Its address; what cron starts has no variable, and the session may have one all the same. Raises OSError."""
    if address := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    path = Path(runtime) / "bus"
    if not path.exists():
        raise OSError("there is no session bus")
    return f"unix:path={path}"


def _one_line(said: object) -> str:
    text = " ".join(map(str, said)) if isinstance(said, tuple | list) else str(said)
    return " ".join(text.split()).rstrip(".") or type(said).__name__
