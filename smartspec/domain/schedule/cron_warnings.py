"""What an expression of cron does and most people do not expect, with what they may have meant."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain.schedule.cron import DAY, FIELDS, HOUR, MINUTE, MONTH, CronRule, Field
from smartspec.messages import Message, _, _n
from smartspec.value import frozen


@frozen
class Fix:
    """Another rule, as `parse_rule` takes it; `words` say what it is."""

    words: Message
    trigger_type: str
    expression: str


@frozen
class CronWarning:
    """Warnings never keep anybody from saving."""

    sentence: Message
    fixes: tuple[Fix, ...] = ()


def cron_warnings(rule: CronRule) -> tuple[CronWarning, ...]:
    """Steps that do not divide, days that few months have, either of two days, every minute of an hour."""
    return (*_steps(rule), *_rare_days(rule), *_either_day(rule), *_every_minute(rule))


def _steps(rule: CronRule) -> Iterator[CronWarning]:
    for text, field in zip(rule.fields, FIELDS, strict=True):
        step = _full_step(text, field)
        if step is None or step < 2:
            continue
        if field in (MINUTE, HOUR):
            yield from _of_clock(rule, text, step, field)
        elif field is MONTH and 12 % step:
            yield CronWarning(_("{text} begins anew with each year: after December comes January.", text=text))
        elif field is DAY and step < 31:
            yield CronWarning(_("{text} begins anew with each month: after its last day comes day 1.", text=text))
        elif field.names and step < 7:
            yield CronWarning(_("{text} begins anew with each week: after Saturday comes Sunday.", text=text))


def _full_step(text: str, field: Field) -> int | None:
    """The step over a whole field; None: there is none."""
    whole, slash, step = text.partition("/")
    is_whole = whole in ("*", f"{field.least}-{field.most}")
    return int(step) if slash and is_whole and step.isdigit() else None


def _of_clock(rule: CronRule, text: str, step: int, field: Field) -> Iterator[CronWarning]:
    length = field.most + 1
    if length % step == 0:
        return
    last = (length - 1) // step * step
    if last == 0:
        yield CronWarning(_too_long(text, step, field), tuple(_as_interval(rule, step, field)))
    else:
        yield CronWarning(
            _uneven(text, step, last, field), (*_even(rule, text, step, field), *_as_interval(rule, step, field))
        )


def _too_long(text: str, step: int, field: Field) -> Message:
    if field is MINUTE:
        return _("{text} is every hour at :00: a step of {step} minutes is longer than the hour.", text=text, step=step)
    return _("{text} is every day at 0: a step of {step} hours is longer than the day.", text=text, step=step)


def _uneven(text: str, step: int, last: int, field: Field) -> Message:
    rest = field.most + 1 - last
    if field is MINUTE:
        return _n(
            "{text} is uneven: 60 is no multiple of {step}. After :{last} comes :00, {n} minute later.",
            "{text} is uneven: 60 is no multiple of {step}. After :{last} comes :00, {n} minutes later.",
            rest, text=text, step=step, last=f"{last:02d}",
        )  # fmt: skip
    return _n(
        "{text} is uneven: 24 is no multiple of {step}. After {last}:00 comes 00:00, {n} hour later.",
        "{text} is uneven: 24 is no multiple of {step}. After {last}:00 comes 00:00, {n} hours later.",
        rest, text=text, step=step, last=f"{last:02d}",
    )  # fmt: skip


def _even(rule: CronRule, text: str, step: int, field: Field) -> Iterator[Fix]:
    """The next shorter and the next longer step that divides."""
    length = field.most + 1
    shorter = max(each for each in range(1, step) if length % each == 0)
    longer = min((each for each in range(step + 1, length) if length % each == 0), default=None)
    for each in (shorter, longer):
        if each is not None:
            fields = [f"*/{each}" if other is field else old for other, old in zip(FIELDS, rule.fields, strict=True)]
            yield Fix(_every(each, field), "cron", " ".join(fields))


def _every(step: int, field: Field) -> Message:
    if field is MINUTE:
        return _n("Every {n} minute", "Every {n} minutes", step)
    return _n("Every {n} hour", "Every {n} hours", step)


def _as_interval(rule: CronRule, step: int, field: Field) -> Iterator[Fix]:
    """Where nothing else of the expression would be lost."""
    others = [old for other, old in zip(FIELDS, rule.fields, strict=True) if other is not field]
    if field is MINUTE and others == ["*"] * 4:
        yield Fix(_n("A true interval of {n} minute", "A true interval of {n} minutes", step), "interval", f"{step} m")
    if field is HOUR and others[1:] == ["*"] * 3 and len(rule.minutes) == 1:
        yield Fix(_n("A true interval of {n} hour", "A true interval of {n} hours", step), "interval", f"{step} h")


def _rare_days(rule: CronRule) -> Iterator[CronWarning]:
    if rule.either_day or min(rule.days) < 29:
        return
    if rule.months == (2,):
        yield CronWarning(_("29 February comes in leap years only."))
    elif len(rule.months) > 1 and rule.days == (31,):
        yield CronWarning(_("Months without a day 31 are left out."))
    elif 2 in rule.months:
        yield CronWarning(_("February may have no such day, and is left out then."))


def _either_day(rule: CronRule) -> Iterator[CronWarning]:
    if rule.either_day:
        days, weekdays = rule.fields[2], rule.fields[4]
        yield CronWarning(
            _(
                "Day of the month {days} or weekday {weekdays}: either is enough, they need not fall together.",
                days=days, weekdays=weekdays,
            )
        )  # fmt: skip


def _every_minute(rule: CronRule) -> Iterator[CronWarning]:
    minute, hour, *rest = rule.fields
    if minute == "*" and len(rule.hours) == 1:
        once = " ".join(["0", hour, *rest])
        yield CronWarning(
            _("It runs in every minute from {hour}:00 to {hour}:59.", hour=f"{rule.hours[0]:02d}"),
            (Fix(_("Once, at {hour}:00", hour=f"{rule.hours[0]:02d}"), "cron", once),),
        )
