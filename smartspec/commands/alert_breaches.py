"""Which limits are passed at this moment: one function a kind, from the rows and the machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from smartspec.commands import settings
from smartspec.domain import times
from smartspec.domain.alert import expected, rhythm
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.alert.expected import Expectation
from smartspec.domain.alert.rhythm import MOST_RHYTHMS, Rhythm
from smartspec.domain.alert.rules import Limits, Usual, may_take_ms
from smartspec.domain.ids import SchedulePk, WorkflowPk
from smartspec.store import alert_facts, database, metrics
from smartspec.store.alert_facts import Owner, RecordedFact, RunningFact, ScheduleFact
from smartspec.store.backup import backups
from smartspec.value import frozen, replace

K = AlertKind
_DAY = timedelta(days=1)
_EXPIRED_FOR = timedelta(days=7)  # so long one that will not be due again is waited for
_LONGEST_RHYTHM = timedelta(days=400)
_FREE_AGAIN = 1.1  # of the limit: what is free moves all the time


@frozen
class Look:
    """`looked_since` is from when on a runner has looked without a gap; None: nobody has, and nobody will.

    `held` are the kinds and subjects of which an alert is open: once raised, an absence is no excuse any more. With
    `is_whole` false nothing but those is looked at for what was missed: there may be thousands of schedules.
    """

    now: datetime
    limits: Limits
    looked_since: datetime | None = None
    held: frozenset[tuple[AlertKind, str]] = frozenset()
    is_whole: bool = True

    def missed(self, of: str) -> list[int] | None:
        """The keys of what is held to be missed: of `schedule` or `workflow`. None: all are looked at."""
        if self.is_whole:
            return None
        found = (subject.partition(":") for kind, subject in self.held if kind is K.MISSED)
        return [int(key) for kind, __, key in found if kind == of]

    def since(self, kind: AlertKind, subject: str) -> datetime | None:
        return None if (kind, subject) in self.held else self.looked_since

    @property
    def latest_due(self) -> datetime:
        """What was due later cannot be missed yet, however little a workflow takes."""
        return self.now - timedelta(milliseconds=self.limits.grace_ms)


def limits() -> Limits:
    """As the settings have them."""
    return Limits(
        without_usual_ms=settings.get_setting("alerts.long_running_ms"),
        failure_percent=settings.get_setting("alerts.failure_rate_percent"),
        failure_least=settings.get_setting("alerts.failure_rate_least"),
        grace_ms=settings.get_setting("alerts.missed_grace_ms"),
        disk_free_bytes=settings.get_setting("alerts.disk_free_bytes"),
        backup_age_ms=settings.get_setting("alerts.backup_age_ms"),
    )


def breaches(look: Look, kinds: Collection[AlertKind] = tuple(AlertKind)) -> list[Breach]:
    """Of some kinds. Raises OSError where the disk cannot be asked."""
    return [each for kind in kinds for each in _BY_KIND[kind](look)]


# What runs long, and what fails often


def _long_running(look: Look) -> Iterator[Breach]:
    for fact in alert_facts.running():
        if fact.owner is not None and fact.owner.rules.wants(K.LONG_RUNNING):
            usual = metrics.usual(fact.owner.pk)
            limit = may_take_ms(usual, fact.owner.rules, look.limits)
            if (
                times.elapsed_ms(fact.begun, look.now) > limit
                and (found := _late(look, fact, usual, limit)) is not None
            ):
                yield found


def _late(look: Look, fact: RunningFact, usual: Usual, limit: int) -> Breach | None:
    """While the machine slept it did not run."""
    since = fact.begun + alert_facts.slept(fact, look.now)
    ran_ms = times.elapsed_ms(since, look.now)
    if fact.owner is None or ran_ms <= limit:
        return None
    evidence = Evidence(
        value=ran_ms, limit=limit, since=since, name=fact.name, number=fact.number, workflow_id=fact.owner.id,
        execution_id=fact.id, usual_ms=usual.median_ms, p95_ms=usual.p95_ms, completed=usual.completed,
    )  # fmt: skip
    subject = f"execution:{fact.pk}"
    return Breach(kind=K.LONG_RUNNING, subject=subject, evidence=evidence, workflow=fact.owner.pk, execution=fact.pk)


def _high_failure(look: Look) -> Iterator[Breach]:
    for fact in alert_facts.failing(look.now - _DAY):
        owner = fact.owner
        percent = owner.rules.failure_percent or look.limits.failure_percent
        is_passed = fact.total >= look.limits.failure_least and 100 * fact.failed > percent * fact.total
        if is_passed and owner.rules.wants(K.HIGH_FAILURE):
            evidence = Evidence(
                value=round(100 * fact.failed / fact.total), limit=percent, since=look.now, name=owner.name,
                workflow_id=owner.id, failed=fact.failed, total=fact.total,
            )  # fmt: skip
            yield Breach(kind=K.HIGH_FAILURE, subject=f"workflow:{owner.pk}", evidence=evidence, workflow=owner.pk)


# What should have run


def _missed(look: Look) -> Iterator[Breach]:
    held_schedules, held_workflows = look.missed("schedule"), look.missed("workflow")
    schedules = None if held_schedules is None else [SchedulePk(each) for each in held_schedules]
    workflows = None if held_workflows is None else [WorkflowPk(each) for each in held_workflows]
    for fact in alert_facts.owing(look.latest_due, look.now - _EXPIRED_FOR, schedules):
        if _counts(fact.owner) and (found := _of_schedule(look, fact)) is not None:
            yield found
    for recorded in alert_facts.recorded(look.latest_due, look.now - _LONGEST_RHYTHM, workflows):
        if _counts(recorded.owner) and (found := _of_rhythm(look, recorded)) is not None:
            yield found


def _counts(owner: Owner) -> bool:
    """While one runs it may still succeed; that it takes long is an alert of its own."""
    return owner.rules.wants(K.MISSED) and not alert_facts.any_running(owner.pk)


def _allowed(look: Look, owner: Owner) -> timedelta:
    """What an execution may take, and grace."""
    longest = may_take_ms(metrics.usual(owner.pk), owner.rules, look.limits)
    return timedelta(milliseconds=longest + look.limits.grace_ms)


def _of_schedule(look: Look, fact: ScheduleFact) -> Breach | None:
    """By its first due time after the last success that a person did not want to be passed over."""
    subject, allowed = f"schedule:{fact.pk}", _allowed(look, fact.owner)
    began = alert_facts.began(fact.pk, fact.owner.pk)
    after = max(filter(None, (fact.success, began)), default=None)
    owed = alert_facts.first_owed(fact.pk, after)
    if owed is not None:
        wanted = expected.of_due_time(owed.due, owed.decided_at, fact.success, allowed)
    elif fact.undecided is not None and (after is None or fact.undecided > after):
        wanted = expected.of_due_time(fact.undecided, look.since(K.MISSED, subject), fact.success, allowed)
    else:
        return None
    if wanted.deadline >= look.now:
        return None
    decision, reason = (owed.decision, owed.reason) if owed else ("", "")
    evidence = _missed_evidence(look, fact.owner, wanted, "schedule", fact.success)
    evidence = replace(evidence, schedule_id=fact.id, schedule_name=fact.name, decision=decision, reason=reason)
    return Breach(kind=K.MISSED, subject=subject, evidence=evidence, workflow=fact.owner.pk, schedule=fact.pk)


def _of_rhythm(look: Look, fact: RecordedFact) -> Breach | None:
    """By what was said of it; else by what it was seen to do, unless that is over for good."""
    owner, subject = fact.owner, f"workflow:{fact.owner.pk}"
    every, is_stated = owner.rules.every_ms, owner.rules.every_ms is not None
    found = Rhythm(every, every) if every is not None else _learned(owner.pk, fact.success)
    last = max(filter(None, (fact.success, owner.rules.stated_at if is_stated else None)), default=None)
    if found is None or last is None:
        return None
    if not is_stated and look.now - last > MOST_RHYTHMS * timedelta(milliseconds=found.longest_ms):
        return None
    wanted = expected.of_rhythm(found, last, look.since(K.MISSED, subject), _allowed(look, owner))
    if wanted.deadline >= look.now:
        return None
    how = "stated" if is_stated else "learned"
    evidence = replace(_missed_evidence(look, owner, wanted, how, fact.success), every_ms=found.every_ms)
    return Breach(kind=K.MISSED, subject=subject, evidence=evidence, workflow=owner.pk)


@lru_cache(4096)
def _learned(workflow: WorkflowPk, success: datetime | None) -> Rhythm | None:
    """It changes with the next success only."""
    return None if success is None else rhythm.learned(alert_facts.begun(workflow, rhythm.MOST_SUCCESSES))


def _missed_evidence(
    look: Look, owner: Owner, wanted: Expectation, how: str, success: datetime | None
) -> Evidence:  # fmt: skip
    return Evidence(
        value=times.elapsed_ms(wanted.since, look.now), limit=round(wanted.limit.total_seconds() * 1000),
        since=wanted.since, name=owner.name, workflow_id=owner.id, expected=how, due=wanted.due, last_success=success,
    )  # fmt: skip


# The disk, and the backups


def _disk_low(look: Look) -> Iterator[Breach]:
    folder = database.folder()
    found, limit = shutil.disk_usage(folder), look.limits.disk_free_bytes
    subject = f"folder:{folder}"
    least = limit * _FREE_AGAIN if (K.DISK_LOW, subject) in look.held else limit
    if found.free < least:
        evidence = Evidence(value=found.free, limit=limit, since=look.now, name=str(folder), size=found.total)
        yield Breach(kind=K.DISK_LOW, subject=subject, evidence=evidence)


def _backup_old(look: Look) -> Iterator[Breach]:
    """Where nothing was written since, the last one holds all there is."""
    sound = (each for each in backups.list_backups(database.path()) if not each.flawed)
    newest = max((datetime.fromisoformat(each.made_at) for each in sound), default=None)
    since = newest or alert_facts.made_at() or look.now
    age, limit = times.elapsed_ms(since, look.now), look.limits.backup_age_ms
    if age > limit and alert_facts.written_since(since):
        evidence = Evidence(value=age, limit=limit, since=since, last_success=newest)
        yield Breach(kind=K.BACKUP_OLD, subject="database:backup", evidence=evidence)


_BY_KIND: dict[AlertKind, Callable[[Look], Iterator[Breach]]] = {
    K.MISSED: _missed, K.HIGH_FAILURE: _high_failure, K.LONG_RUNNING: _long_running, K.DISK_LOW: _disk_low,
    K.BACKUP_OLD: _backup_old,
}  # fmt: skip
