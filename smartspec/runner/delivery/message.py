"""What is sent, and what it is when that does not arrive."""

from __future__ import annotations

from smartspec.domain.notification.action import MessageAction
from smartspec.value import frozen


class NotDelivered(Exception):
    """A message did not arrive; the text is a sentence."""


@frozen
class OutgoingMessage:
    """`execution` is an id, empty where it is about many; `lines` are the last that it wrote, masked, of a failure.
    `actions` are what can be done from it, where it is shown with buttons.
    """

    title: str
    body: str
    execution: str
    lines: str = ""
    actions: tuple[MessageAction, ...] = ()
