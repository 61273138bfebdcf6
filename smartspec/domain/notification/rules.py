"""What is told, in how many messages, and what waits: one place decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.domain.notification.quiet_hours import QuietHours
from smartspec.messages import Message, _, _n, join
from smartspec.value import field, frozen, replace

_NAMED = 5  # workflows that a message about many names


class NewsKind(StrEnum):
    FAILED = "failed"
    RECOVERED = "recovered"
    LONG = "long"
    MISSED = "missed"
    ALERT = "alert"


_FAILURES = (NewsKind.FAILED, NewsKind.MISSED)


class Policy(StrEnum):
    """Of a workflow; failures are what failed, timed out, or should have run and did not."""

    ALL = "all"
    FAILURES = "failures"
    NONE = "none"


@frozen
class News:
    """`said` is one sentence about how it went: the line that speaks of the error, as it is stored, masked.

    `headline` is that of an alert; of what ended, its kind says it. `execution` is None where it is of none.
    """

    kind: NewsKind
    workflow: WorkflowPk | None
    workflow_name: str
    execution: ExecutionPk | None
    execution_id: str
    said: str
    headline: str = ""


class DuringQuiet(StrEnum):
    """What is told in quiet hours."""

    NOTHING = "nothing"
    IMPORTANT = "important"


@frozen(kw_only=True)
class Rules:
    """`together`: so many messages `within` a time, then one for all; `a_day`: so many. Without a policy it is all.

    In the `quiet` hours only what is of an important workflow is told, if that `breaks_quiet`; at their end the rest in
    one, unless there is to be no `summary`. Until `muted_until` nothing is told, whatever the hour and the workflow.
    """

    kinds: frozenset[NewsKind]
    together: int
    within: timedelta
    a_day: int
    quiet: QuietHours | None = None
    breaks_quiet: bool = False
    summary: bool = True
    policies: Mapping[WorkflowPk, Policy] = field(default_factory=dict)
    important: frozenset[WorkflowPk] = frozenset()
    muted_until: datetime | None = None

    def wants(self, news: News) -> bool:
        policy = self.policies.get(news.workflow, Policy.ALL) if news.workflow is not None else Policy.ALL
        fits = policy is Policy.ALL or (policy is Policy.FAILURES and news.kind in _FAILURES)
        return fits and news.kind in self.kinds

    def quiet_until(self, now: datetime) -> datetime | None:
        """When it is over that what is not important is not told; `now` is of the clock on the wall."""
        ends = (self.muted_until, self.quiet.until(now) if self.quiet is not None else None)
        return max((each for each in ends if each is not None and each > now), default=None)

    def is_told_in_quiet(self, news: News, now: datetime) -> bool:
        is_muted = self.muted_until is not None and self.muted_until > now
        return self.breaks_quiet and not is_muted and news.workflow in self.important


@frozen
class Notification:
    """`execution` is None where it is about many, or about none."""

    title: Message
    body: Message
    execution: ExecutionPk | None = None
    execution_id: str = ""


@frozen
class Decision:
    """`until`: nothing now, ask again then. `unsaid`: so many that nobody is told, the day's are used up. `held` waits
    for the end of the quiet.
    """

    notifications: tuple[Notification, ...] = ()
    until: datetime | None = None
    unsaid: int = 0
    held: tuple[News, ...] = ()


def decide(news: Sequence[News], rules: Rules, sent: Sequence[datetime], now: datetime,
           held: Sequence[News] = ()) -> Decision:  # fmt: skip
    """What to tell of what is new, and of what was held before; `sent` are the moments of the messages so far, `now` is
    of the clock on the wall.
    """
    wanted, held = ([each for each in some if rules.wants(each)] for some in (news, held))
    if rules.quiet_until(now) is None:
        waited = held if rules.summary else []
        return _told([*waited, *wanted], len(waited), rules, sent, now)
    urgent = [each for each in wanted if rules.is_told_in_quiet(each, now)]
    decided = _told(urgent, 0, rules, sent, now)
    if decided.until is not None:
        return decided
    return replace(decided, held=(*held, *(each for each in wanted if each not in urgent)))


def _told(wanted: Sequence[News], waited: int, rules: Rules, sent: Sequence[datetime], now: datetime) -> Decision:
    """The first so many `waited` for the end of the quiet: then all are told in one."""
    if not wanted:
        return Decision()
    left = rules.a_day - sum(each.astimezone(now.tzinfo).date() == now.date() for each in sent)
    if left <= 0:
        return Decision(unsaid=len(wanted))
    lately = sorted(each for each in sent if now - rules.within < each <= now)
    if len(lately) >= rules.together:
        return Decision(until=lately[0] + rules.within)
    if len(wanted) > min(rules.together - len(lately), left) or (waited and len(wanted) > 1):
        told = [_of_many(wanted, was_quiet=bool(waited))]
    else:
        told = [_of_one(each) for each in wanted]
    if len(told) == left:
        last = _n("This is the last one today, of {n}.", "This is the last one today, of {n}.", rules.a_day)
        told[-1] = replace(told[-1], body=join("\n", [told[-1].body, last]))
    return Decision(tuple(told))


def _of_one(news: News) -> Notification:
    name = news.workflow_name
    titles = {
        NewsKind.FAILED: _("{name} failed", name=name),
        NewsKind.RECOVERED: _("{name} works again", name=name),
        NewsKind.LONG: _("{name} runs long", name=name),
    }
    title = titles.get(news.kind) or _message(news.headline)
    return Notification(title, _message(news.said), news.execution, news.execution_id)


def _message(text: str) -> Message:
    return text if isinstance(text, Message) else Message(text)


def _of_many(wanted: Sequence[News], *, was_quiet: bool) -> Notification:
    """One, with the counts."""
    counts = {kind: sum(each.kind is kind for each in wanted) for kind in NewsKind}
    failed, recovered, long = counts[NewsKind.FAILED], counts[NewsKind.RECOVERED], counts[NewsKind.LONG]
    missed, other = counts[NewsKind.MISSED], counts[NewsKind.ALERT]
    parts = [
        (failed, _n("{n} execution failed", "{n} executions failed", failed)),
        (recovered, _n("{n} works again", "{n} work again", recovered)),
        (long, _n("{n} runs long", "{n} run long", long)),
        (missed, _n("{n} should have run", "{n} should have run", missed)),
        (other, _n("{n} alert", "{n} alerts", other)),
    ]
    names = list(dict.fromkeys(each.workflow_name or each.headline for each in wanted))
    shown = join(", ", names[:_NAMED])
    more = len(names) - _NAMED
    body = _n("{names} and {n} more", "{names} and {n} more", more, names=shown) if more > 0 else shown
    if was_quiet:
        body = _("While it was quiet: {names}", names=body)
    return Notification(join(", ", [said for count, said in parts if count]), body)
