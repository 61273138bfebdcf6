"""What an expression of cron says: exactly five fields or a name with @, as Debian's cron reads them.

What other crons have besides (seconds, `L`, `W`, `#`, `?`, `5/10`) is refused with the way to write it here.
"""

from __future__ import annotations

import re

from smartspec.domain.text import did_you_mean, one_line
from smartspec.errors import Invalid
from smartspec.messages import Message, _, _p, listed
from smartspec.value import frozen

NAMES = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}  # fmt: skip
AT_START = "@reboot"
_EXAMPLE = "30 7 * * 1-5"
_LONGEST = 1_000  # all minutes, hours, days, months and weekdays one by one are 450 characters
_LONGEST_SHOWN = 60
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TERM = re.compile(r"(?:(?P<star>\*)|(?P<first>[0-9A-Z]+)(?:-(?P<last>[0-9A-Z]+))?)(?:/(?P<step>[0-9]{1,6}))?")
_QUARTZ = re.compile(r"[LW#]")


@frozen
class Field:
    """One of the five; `least` and `most` are both allowed, names stand for numbers from `first_name` on."""

    word: Message
    least: int
    most: int
    names: tuple[str, ...] = ()
    first_name: int = 0

    @property
    def whole(self) -> range:
        return range(self.least, self.most + 1)


FIELDS = (
    Field(_p("a field of cron", "minute"), 0, 59),
    Field(_p("a field of cron", "hour"), 0, 23),
    Field(_p("a field of cron", "day of the month"), 1, 31),
    Field(_p("a field of cron", "month"), 1, 12, _MONTHS, 1),
    Field(_p("a field of cron", "weekday"), 0, 7, _WEEKDAYS),
)  # fmt: skip
MINUTE, HOUR, DAY, MONTH, WEEKDAY = FIELDS


@frozen
class CronRule:
    """The numbers that each field stands for, in their order; a weekday counts from Sunday, 0.

    `either_day`: the day of the month or the weekday has to fit, not both; so it is where neither begins with a star.
    `is_wild`: minute or hour begins with a star; a change of the clock moves such times along instead of making up
    for them.
    """

    expression: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either_day: bool
    is_wild: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """The five as they are written, of a name what it stands for."""
        return _split(self.expression)


def parse_cron(expression: str) -> CronRule:
    """Raises Invalid for what Debian's cron would not take, or take for something else, and for what never comes."""
    written = " ".join(expression.split())
    texts = _split(written)
    minutes, hours, days, months, weekdays = (_numbers(text, field) for text, field in zip(texts, FIELDS, strict=True))
    either_day = not (texts[2].startswith("*") or texts[4].startswith("*"))
    if not either_day and min(days) > max(_DAYS_OF_MONTHS[month - 1] for month in months):
        raise Invalid(
            _(
                "“{expression}” never comes: no month that it names has a day {day}; write {last} at most, or another "
                "month.",
                expression=written,
                day=min(days),
                last=max(_DAYS_OF_MONTHS[month - 1] for month in months),
            )
        )
    is_wild = texts[0].startswith("*") or texts[1].startswith("*")
    on = tuple(sorted({day % 7 for day in weekdays}))
    return CronRule(written, minutes, hours, days, months, on, either_day, is_wild)


def _split(written: str) -> tuple[str, ...]:
    """The five fields in capitals. Raises Invalid where there are not five, and for a name that is none."""
    shown = one_line(written, _LONGEST_SHOWN)
    if not written:
        raise Invalid(
            _("There is no expression: write the five fields of cron, as in {example}, or @daily.", example=_EXAMPLE)
        )
    if len(written) > _LONGEST:
        raise Invalid(
            _(
                "“{expression}” is too long for an expression of cron: the most are {most} characters.",
                expression=shown, most=_LONGEST,
            )
        )  # fmt: skip
    if written.startswith("@"):
        return _named(written.lower(), shown)
    fields = written.upper().split()
    if len(fields) == len(FIELDS) + 1:
        raise Invalid(
            _(
                "“{expression}” has six fields; cron has five: minute, hour, day of the month, month and weekday, as "
                "in {example}. Seconds are possible in an interval only.",
                expression=shown,
                example=_EXAMPLE,
            )
        )
    if len(fields) != len(FIELDS):
        raise Invalid(
            _(
                "“{expression}” has {n} of the five fields of cron: minute, hour, day of the month, month and weekday. "
                "Write all five, as in {example}; * is for any.",
                expression=shown, n=len(fields), example=_EXAMPLE,
            )
        )  # fmt: skip
    return tuple(fields)


def _named(name: str, shown: str) -> tuple[str, ...]:
    if name == AT_START:
        raise Invalid(
            _("{name} is no time but an event: choose the event “application started” instead.", name=AT_START)
        )
    if name not in NAMES:
        guess = did_you_mean(name, NAMES)
        raise Invalid(
            _("There is no “{name}” in cron; there are {known}{guess}", name=shown, known=listed(NAMES), guess=guess)
        )
    return tuple(NAMES[name].split())


def _numbers(text: str, field: Field) -> tuple[int, ...]:
    """What a field stands for. Raises Invalid."""
    found: set[int] = set()
    for term in text.split(","):
        found.update(_of_term(term, text, field))
    return tuple(sorted(found))


def _of_term(term: str, text: str, field: Field) -> range:
    if (match := _TERM.fullmatch(term)) is None:
        raise _unreadable(term, text, field)
    first, last, step = match["first"], match["last"], int(match["step"] or 1)
    if step == 0:
        raise Invalid(_("“{term}” has a step of 0; the least is 1, as in */1.", term=term))
    if match["star"]:
        return range(field.least, field.most + 1, step)
    if last is None and match["step"]:
        raise Invalid(
            _(
                "“{term}” is not cron's: write {first}-{most}/{step} for every {step} from {first} on.",
                term=term, first=first, most=field.most, step=step,
            )
        )  # fmt: skip
    low = _number(first, text, field)
    high = low if last is None else _number(last, text, field)
    if high < low:
        raise _backwards(term, low, high, step, field)
    return range(low, high + 1, step)


def _number(word: str, text: str, field: Field) -> int:
    if word in field.names:
        return field.names.index(word) + field.first_name
    if not word.isdigit():
        raise _unreadable(word, text, field)
    if len(word) > 6 or int(word) not in field.whole:
        raise Invalid(
            _(
                "The {field} of cron goes from {least} to {most}, not to “{word}”.",
                field=field.word, least=field.least, most=field.most, word=word[:20],
            )
        )  # fmt: skip
    return int(word)


def _unreadable(term: str, text: str, field: Field) -> Invalid:
    shown, values = one_line(text, _LONGEST_SHOWN), {"least": field.least, "most": field.most}
    named = next(
        (name for name in field.names if len(term) > len(name) and term.startswith(name) and term.isalpha()), ""
    )
    if named:
        return Invalid(
            _(
                "“{term}” is not cron's: write {name}, for names have three letters.",
                term=one_line(term, 20),
                name=named,
            )
        )
    if term == "?":
        return Invalid(_("“?” is not cron's: write * for any {field}.", field=field.word))
    if _QUARTZ.search(term) and field in (DAY, WEEKDAY):
        return Invalid(
            _(
                "“{text}” is not cron's: it knows no last days, nearest weekdays or the like. "
                "Choose days, as in 28-31, and let the workflow ask for the rest.",
                text=shown,
            )
        )
    return Invalid(
        _(
            "“{text}” is no {field} for cron: write numbers from {least} to {most}, as in {least}, {least}-{most}, "
            "*/2 or {least},{most}.",
            text=shown, field=field.word, **values,
        )
    )  # fmt: skip


def _backwards(term: str, low: int, high: int, step: int, field: Field) -> Invalid:
    """With the list that was meant: from the first to the end of the field, and on from its beginning."""
    end = 6 if field is WEEKDAY else field.most
    around = [*range(low, end + 1), *range(field.least, high + 1)][::step]
    names = dict(enumerate(field.names, field.first_name)) if re.search("[A-Z]", term) else {}
    offered = ",".join(names.get(number, str(number)) for number in around)
    return Invalid(_("“{term}” runs backwards: write {list} instead.", term=term, list=offered))
