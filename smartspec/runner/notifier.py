"""A thread of a background runner that tells people: it sends what is to be sent, and writes down what came of it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from smartspec.commands import channels, database, deliveries, notifications
from smartspec.commands.notifications import Delivery
from smartspec.domain import times
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.errors import Invalid, NoKeyring, NotFound, StorageError
from smartspec.messages import _, tr, translate
from smartspec.runner import message_actions
from smartspec.runner.delivery import sending
from smartspec.runner.delivery.desktop import Desktop
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

_EVERY_S = 0.5  # while something on the desktop may be clicked on; between two looks, at least
_LOOK_S = 15.0
_CLICKABLE_S = 600.0  # so long a runner stays for a message that nobody clicks on or closes
logger = logging.getLogger(__name__)


class Notifier:
    """From `start` to `stop`. While `is_busy` something is on its way, or can be clicked on."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._stopped, self._nudged = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="notifier")
        self._desktop = Desktop(self._act)
        self._last_shown = float("-inf")
        self._next_look = 0.0
        self.is_busy = False

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Something was written: there may be something to tell."""
        self._nudged.set()

    def stop(self) -> None:
        """What is on its way arrives first."""
        self._stopped.set()
        self._nudged.set()
        self._thread.join()

    def _work(self) -> None:
        is_over = False
        while not is_over:
            self._nudged.wait(_EVERY_S if self._desktop.has_open else _LOOK_S)
            is_over = self._stopped.wait(_EVERY_S)  # and once more: what ended last is told, too
            try:
                self._send()
                self._desktop.poll()
            except StorageError as error:
                logger.warning(_("Nobody can be told of anything: {error}", error=error))
            except Exception:  # the edge of a thread: one look fails, not all that follow
                logger.exception("a look at what is to be told")
            is_fresh = time.monotonic() - self._last_shown < _CLICKABLE_S
            self.is_busy = self._desktop.has_open and is_fresh
        self._desktop.close()
        database.close_connection()

    def _send(self) -> None:
        """What waits for its time is asked for without news, too."""
        now = time.monotonic()
        if not self._nudged.is_set() and now < self._next_look:
            return
        self._nudged.clear()
        self._next_look = now + _LOOK_S
        for each in notifications.collect(times.now().astimezone()):
            self.is_busy = True
            notifications.note_delivery(each, self._error_of(each))

    def _error_of(self, delivery: Delivery) -> str | None:
        """Why it did not arrive, in a sentence; None: it did."""
        try:
            self._deliver(channels.get_channel(delivery.channel), delivery)
        except (NotDelivered, NotFound, NoKeyring, Invalid) as error:
            logger.warning("%s: %s", delivery.channel, error)
            return str(error)
        except Exception as error:  # the edge of a thread: what no kind of channel foresaw
            logger.exception("channel %s", delivery.channel)
            return f"It could not be sent: {type(error).__name__}."
        return None

    def _deliver(self, channel: Channel, delivery: Delivery) -> None:
        """Raises NotDelivered, NoKeyring, Invalid."""
        lines = notifications.last_lines(delivery.execution)
        actions = deliveries.message_actions(delivery.execution)
        message = OutgoingMessage(delivery.title, delivery.body, delivery.execution_id, lines, actions)
        sending.send(channel, message, self._desktop)
        if channel.kind is ChannelKind.DESKTOP:
            self._last_shown = time.monotonic()

    def _act(self, action: str, execution: str) -> None:
        """What was chosen in a message; what could not be done is told as another one."""
        error = message_actions.perform(self._ledger, action, execution)
        if error is None:
            return
        told = OutgoingMessage(tr("It could not be done"), translate(error.sentence), execution)
        try:
            self._desktop.send(told)
        except NotDelivered as why:
            logger.warning("%s", why)
