"""What is to be told of alerts: each once, when it was raised or a snooze of it is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind
from smartspec.domain.notification.rules import News, NewsKind, Rules
from smartspec.store import alerts

_AT_ONCE = 200
_KINDS = {AlertKind.LONG_RUNNING: NewsKind.LONG, AlertKind.MISSED: NewsKind.MISSED}


def untold(rules: Rules, now: datetime) -> list[tuple[Alert, News]]:
    """Those that somebody wants to be told of; the others wait for being wanted, as long as they are raised."""
    found = ((each, _news(each, now)) for each in alerts.untold(_AT_ONCE))
    return [(alert, news) for alert, news in found if rules.wants(news)]


def note_told(told: Iterable[Alert], now: datetime) -> None:
    """Inside of the transaction in which they are handed to the channels."""
    for each in told:
        alerts.note_told(each, now)


def _news(alert: Alert, now: datetime) -> News:
    return News(
        _KINDS.get(alert.kind, NewsKind.ALERT), alert.workflow, alert.evidence.name, alert.execution,
        alert.evidence.execution_id, words.sentence(alert, now), words.headline(alert),
    )  # fmt: skip
