"""The rows of the page: alerts in groups by their state, each group below its head."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from smartspec.domain.alert.alert import Alert, AlertState
from smartspec.value import frozen


@frozen
class AlertLine:
    """Without an alert it is the head of a group of `count`."""

    state: AlertState
    alert: Alert | None = None
    count: int = 0


def by_state(alerts: Iterable[Alert], now: datetime) -> Mapping[AlertState, list[Alert]]:
    """In the order in which they come; every state has its list."""
    found: dict[AlertState, list[Alert]] = {state: [] for state in AlertState}
    for each in alerts:
        found[each.state_at(now)].append(each)
    return found


def lines_of(groups: Mapping[AlertState, list[Alert]], shown: Collection[AlertState]) -> list[AlertLine]:
    """Of the states that are to be seen, and of which there are any."""
    lines: list[AlertLine] = []
    for state in AlertState:
        alerts = groups[state] if state in shown else []
        if alerts:
            lines.append(AlertLine(state, count=len(alerts)))
            lines += [AlertLine(state, each) for each in alerts]
    return lines
