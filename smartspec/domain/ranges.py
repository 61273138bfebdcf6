"""Every number that a person writes has a smallest and a largest: one table for file, schema, settings and options."""

from __future__ import annotations

from smartspec.domain import times
from smartspec.domain.json_schema.explanations import short_json
from smartspec.errors import Invalid
from smartspec.formatting import format_duration
from smartspec.messages import _, _n
from smartspec.value import frozen

_LONGEST_MS = 3_650 * 86_400_000  # ten years: what is longer is a slip of the pen


@frozen
class Range:
    """Both ends are allowed. `unit` is ms for durations; without one the number stands for itself."""

    smallest: int | float
    largest: int | float
    unit: str = ""

    def __contains__(self, number: float) -> bool:
        return self.smallest <= number <= self.largest

    def check(self, number: int, what: str) -> None:
        """Raises Invalid for what is no whole number within; `what` begins the sentence."""
        if not isinstance(number, int) or isinstance(number, bool) or number not in self:
            raise Invalid(
                _(
                    "{what} must be a whole number from {least} to {most}, not {number}.",
                    what=what, least=f"{self.smallest:,}", most=f"{self.largest:,}", number=number,
                )
            )  # fmt: skip


# By the key of the workflow file, in `retry` and `http` behind its name; then by the name of the setting.
RANGES = {
    "timeout": Range(1, _LONGEST_MS, "ms"),
    "wait": Range(0, _LONGEST_MS, "ms"),
    "retry.delay": Range(0, _LONGEST_MS, "ms"),
    "retry.max_delay": Range(0, _LONGEST_MS, "ms"),
    "retry.max": Range(0, 1_000_000),
    "retry.backoff": Range(1, 1_000),
    "retry.jitter": Range(0, 1),
    "concurrency": Range(1, 10_000),
    "max_running": Range(1, 10_000),
    "priority": Range(-1_000_000, 1_000_000),
    "join": Range(1, 10_000),  # as many as there may be tasks
    "http.expect": Range(100, 599),
    "exit": Range(0, 4_294_967_295),  # Windows has 32 bits
    "schedule.catch_up_cap": Range(1, 10_000),
    "schedule.events_per_hour": Range(1, 10_000),
    "schedule.days": Range(1, 366),
    "schedule.jitter": Range(0, 86_400_000, "ms"),
    # settings
    "runner.at_once": Range(1, 1_000),
    "runner.log_cap_bytes": Range(16_777_216, 1_099_511_627_776),  # two pieces: the beginning and the end
    "notifications.together": Range(1, 1_000),
    "notifications.within_ms": Range(60_000, 86_400_000, "ms"),
    "notifications.a_day": Range(1, 10_000),
    "alerts.long_running_ms": Range(1, _LONGEST_MS, "ms"),
    "alerts.failure_rate_percent": Range(1, 100),
    "alerts.failure_rate_least": Range(1, 1_000_000),
    "alerts.missed_grace_ms": Range(60_000, _LONGEST_MS, "ms"),
    "alerts.disk_free_bytes": Range(0, 1_125_899_906_842_624),
    "alerts.backup_age_ms": Range(3_600_000, _LONGEST_MS, "ms"),
    "alerts.every_ms": Range(60_000, _LONGEST_MS, "ms"),  # of a workflow
    "alerts.task_duration_ms": Range(1, _LONGEST_MS, "ms"),
    "alerts.task_memory_bytes": Range(1, 1_125_899_906_842_624),
    "alerts.task_cpu_percent": Range(1, 1_000_000),  # every core counts a hundred
}


def whole(value: object) -> int | None:
    """A whole number, as JSON Schema has it: 2.0 is one. None: it is none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def duration_problem(value: object, key: str) -> str | None:
    """What is wrong with a duration, as a sentence; None: nothing is."""
    allowed = RANGES[key]
    try:
        ms = times.parse_milliseconds(value)
    except Invalid as error:
        return error.sentence
    if ms < allowed.smallest:
        least = format_duration(int(allowed.smallest))
        return _("“{value}” is too short: the least is {least}.", value=str(value)[:60], least=least)
    if ms > allowed.largest:
        days = int(allowed.largest) // 86_400_000
        return _n(
            "“{value}” is too long: the most is {n} day.", "“{value}” is too long: the most is {n} days.", days,
            value=str(value)[:60],
        )  # fmt: skip
    return None


def number_problem(value: object, key: str) -> str | None:
    """What is wrong with a number, in the words of the schema; what is no number is not for this to tell."""
    allowed = RANGES[key]
    if not isinstance(value, int | float) or isinstance(value, bool) or value in allowed:
        return None
    if value < allowed.smallest:
        return _("This must be at least {least}, not {value}.", least=allowed.smallest, value=short_json(value))
    return _("This must be at most {most}, not {value}.", most=allowed.largest, value=short_json(value))
