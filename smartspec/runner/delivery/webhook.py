"""A message to a web address that a person gave: a POST of JSON, which no redirect leads elsewhere."""

from __future__ import annotations

import os

from smartspec.domain.notification.channel import Channel
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage
from smartspec.runner.kinds.client import NoClient, client

_SECONDS = 5


def send(channel: Channel, message: OutgoingMessage, url: str) -> None:
    """The address is a secret: no sentence names it. Raises NotDelivered."""
    import httpx

    told = {"title": message.title, "text": f"{message.title}\n{message.body}", "execution": message.execution,
            "lines": message.lines}  # fmt: skip
    try:
        with client(os.environ, _SECONDS) as through, through.stream("POST", url, json=told) as answer:
            pass  # what the answer has beside its status is nobody's business, and may never end
    except (NoClient, httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
        why = str(error).replace(url, "…").rstrip(".") or type(error).__name__
        raise NotDelivered(f"The request failed: {why}.") from error
    if not answer.is_success:
        raise NotDelivered(f"The answer was {answer.status_code} {answer.reason_phrase}.".replace(" .", "."))
