"""What becomes of the alerts that are open, by the limits that are passed now: raised once, closed by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from smartspec.domain.alert.alert import RUNNING_KINDS, Alert, AlertKind
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.ids import AlertPk
from smartspec.value import frozen, replace

_NOTICED = 20  # of a limit: by so small a part what is free on a disk moves all the time


@frozen
class Changes:
    """`awake`: a snooze is over, and it still holds. `changed`: with its figures as they are now."""

    raised: tuple[Breach, ...] = ()
    closed: tuple[Alert, ...] = ()
    awake: tuple[Alert, ...] = ()
    changed: tuple[tuple[Alert, Evidence], ...] = ()

    @property
    def are_any(self) -> bool:
        return bool(self.raised or self.closed or self.awake or self.changed)


def reconcile(
    found: Iterable[Alert], breaches: Iterable[Breach], kinds: Collection[AlertKind], now: datetime,
    succeeded: Collection[AlertPk] = (),
) -> Changes:  # fmt: skip
    """`found` are all that are open; those of other than `kinds`, which were not looked at, stay as they are.
    `succeeded` are those of which something has succeeded since they were snoozed.
    """
    passed = {each.key: each for each in breaches if each.kind in kinds}
    alerts = {(each.kind, each.subject): each for each in found if each.kind in kinds}
    held = {key: each for key, each in alerts.items() if key in passed}
    return Changes(
        tuple(each for key, each in passed.items() if key not in alerts),
        tuple(each for key, each in alerts.items() if key not in passed),
        tuple(each for each in held.values() if _is_over(each, now, each.pk in succeeded)),
        tuple(
            (each, replace(passed[key].evidence, since=_since(each, passed[key].evidence)))
            for key, each in held.items()
            if _is_news(each, passed[key].evidence)
        ),
    )


def _is_over(alert: Alert, now: datetime, has_succeeded: bool) -> bool:
    if alert.snoozed_at is None:
        return False
    return alert.snoozed_until <= now if alert.snoozed_until is not None else has_succeeded


def _since(alert: Alert, evidence: Evidence) -> datetime:
    """What does not run holds since it was raised."""
    return evidence.since if alert.kind in RUNNING_KINDS else alert.evidence.since


def _is_news(alert: Alert, evidence: Evidence) -> bool:
    """Whether a person would read anything new."""
    before = alert.evidence
    if alert.kind is AlertKind.DISK_LOW and abs(evidence.value - before.value) >= evidence.limit / _NOTICED:
        return True
    is_as_figure = alert.kind is AlertKind.HIGH_FAILURE
    return (
        replace(evidence, value=evidence.value if is_as_figure else before.value, since=_since(alert, evidence))
        != before
    )
