"""The settings that there are: what each does, what holds when nothing is saved, and what it may be."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import cast

from smartspec.domain.jsontext import Json
from smartspec.domain.quantities import Kind, parse_number, parse_quantity, quantity
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.languages import LANGUAGES, VARIABLE
from smartspec.messages import Message, _, _n, _p, listed
from smartspec.value import frozen


class Counted(StrEnum):
    """What a whole number that is neither a duration nor a size counts."""

    EXECUTIONS = "executions"
    PERCENT = "percent"
    MESSAGES = "messages"


@frozen
class SettingSpec:
    """A setting that exists. `explanation` is one sentence on what obeys it; `synonyms` are what else it is looked for
    by; `choices` are the values and their words, of a text that can be no other; `on` is the word beside a switch.

    `variable` is one of the environment that holds instead, where it is set.
    """

    kind: type
    default: Json
    group: str
    title: Message
    explanation: Message
    unit: Kind | Counted | None = None
    choices: tuple[tuple[str, Message], ...] = ()
    on: Message = Message("")
    synonyms: Message = Message("")
    variable: str = ""

    @property
    def overridden_by(self) -> str:
        """The variable that holds instead at this moment; empty: none does."""
        return self.variable if self.variable and os.environ.get(self.variable) else ""


GROUPS: dict[str, tuple[Message, Message]] = {
    "general": (_("General"), _("language, and the end of the window")),
    "appearance": (_("Appearance"), _("how the window looks")),
    "running": (_p("a group of settings", "Running"), _("how executions run on this computer")),
    "notifications": (_("Notifications"), _("what you are told without looking, through which channels")),
    "alerts": (_("Alerts"), _("what should have run, runs long, fails often or costs much, and too little room")),
}
_PROCESSORS = os.cpu_count() or 1
_LISTED = "`smartspec metrics --alerts`"
SETTINGS: dict[str, SettingSpec] = {
    "language": SettingSpec(
        str, "", "general", _("Language"),
        _("Of the window and the terminal; what is stored, and {option}, stay English.", option="--json"),
        choices=(("", _("As the system")), *((key, Message(word)) for key, word in LANGUAGES.items())),
        synonyms=_("translation, Chinese, English, 中文"), variable=VARIABLE,
    ),
    "runner.at_once": SettingSpec(
        int, _PROCESSORS, "running", _("Executions at once"),
        _n("More wait, by priority; sub-workflows are not counted. This computer has {n} processor.",
           "More wait, by priority; sub-workflows are not counted. This computer has {n} processors.", _PROCESSORS),
        Counted.EXECUTIONS, synonyms=_("parallel, concurrency, limit, queue, CPU, cores"),
    ),
    "runner.resume": SettingSpec(
        bool, True, "running", _("Interrupted executions"),
        _("After a crash or power loss, unless one of their tasks was interrupted three times in a row."),
        on=_("go on by themselves"), synonyms=_("resume, restart, recover"),
    ),
    "runner.log_cap_bytes": SettingSpec(
        int, 64 * 1024 * 1024, "running", _("Output kept per task"),
        _("Of anything longer the beginning and the end are kept, in pieces of 8 MiB."), Kind.SIZE,
        synonyms=_("log, size, disk, truncate"),
    ),
    "runner.python": SettingSpec(
        str, "", "running", _("Python of {kind} tasks", kind="python:"),
        _("Empty takes the first {program} on the PATH.", program="python3"),
        synonyms=_("interpreter, program, virtualenv"),
    ),
    "notifications.failed": SettingSpec(
        bool, True, "notifications", _("Tell of failures"),
        _("An execution that failed or timed out, with the line that speaks of the error."), on=_("failed"),
        synonyms=_("notify, message, mail, desktop"),
    ),
    "notifications.recovered": SettingSpec(
        bool, True, "notifications", _("Tell of recoveries"),
        _("The first execution of a workflow that completed after others failed."), on=_("works again"),
        synonyms=_("notify, message, success"),
    ),
    "notifications.long": SettingSpec(
        bool, True, "notifications", _("Tell of what runs long"),
        _("Once an execution, when it is an alert."), on=_("runs long"), synonyms=_("notify, message, slow"),
    ),
    "notifications.missed": SettingSpec(
        bool, True, "notifications", _("Tell of what should have run"),
        _("Once, when nothing has succeeded in the expected time."), on=_("missed"),
        synonyms=_("notify, message, late, schedule"),
    ),
    "notifications.alert": SettingSpec(
        bool, True, "notifications", _("Tell of other alerts"),
        _("What fails often, a disk with little room, a backup that is old."), on=_("other alerts"),
        synonyms=_("notify, message, disk, backup, failures"),
    ),
    "notifications.together": SettingSpec(
        int, 3, "notifications", _("Messages one by one"),
        _("So many; what comes beyond them in that time is told in one message with a count."), Counted.MESSAGES,
        synonyms=_("many, flood, burst, together"),
    ),
    "notifications.within_ms": SettingSpec(
        int, 600_000, "notifications", _("In the time of"),
        _("After it there is room for single messages again."), Kind.DURATION,
        synonyms=_("many, flood, burst, together"),
    ),
    "notifications.a_day": SettingSpec(
        int, 50, "notifications", _("Messages a day"),
        _("The last one says so; what comes beyond them is told by nobody."), Counted.MESSAGES,
        synonyms=_("limit, most, cap"),
    ),
    "notifications.quiet": SettingSpec(
        str, "", "notifications", _("Quiet hours"),
        _("Little or nothing is told in them: see below. Written as {example}; empty: none.",
          example="22:00-07:00 mon-fri"),
        synonyms=_("night, silence, do not disturb, weekend"),
    ),
    "notifications.during_quiet": SettingSpec(
        str, "important", "notifications", _("During them"),
        _("Which workflows are important is said below; `{command}` says it too.",
          command="smartspec notify workflow NAME all --important"),
        choices=(("nothing", _("nothing is told")), ("important", _("only important workflows"))),
        synonyms=_("night, urgent"),
    ),
    "notifications.summary": SettingSpec(
        bool, True, "notifications", _("When they end"),
        _("Else nobody is told of what came in them. It holds too where it was made quiet for a while."),
        on=_("one summary of what came in them"), synonyms=_("morning, count, quiet"),
    ),
    "alerts.long_running_ms": SettingSpec(
        int, 3_600_000, "alerts", _("Long-running after"),
        _("Where fewer than five executions of a workflow have completed; else after twice their 95 % mark."),
        Kind.DURATION, synonyms=_("slow, duration, time, late"),
    ),
    "alerts.failure_rate_percent": SettingSpec(
        int, 20, "alerts", _("Failures are many above"),
        _("A workflow of which more executions failed or timed out in 24 hours is an alert."), Counted.PERCENT,
        synonyms=_("rate, errors, unreliable"),
    ),
    "alerts.failure_rate_least": SettingSpec(
        int, 10, "alerts", _("Failures are counted from"),
        _("With fewer executions in 24 hours the rate of a workflow says nothing."), Counted.EXECUTIONS,
        synonyms=_("rate, least, minimum"),
    ),
    "alerts.missed_grace_ms": SettingSpec(
        int, 600_000, "alerts", _("Missed after"),
        _("So long after an execution would be long-running, without a success since the due time."), Kind.DURATION,
        synonyms=_("should have run, late, schedule, cron, backup, grace"),
    ),
    "alerts.disk_free_bytes": SettingSpec(
        int, 2_147_483_648, "alerts", _("Disk low below"),
        _("What is free on the disk of the ledger."), Kind.SIZE, synonyms=_("room, space, full"),
    ),
    "alerts.backup_age_ms": SettingSpec(
        int, 604_800_000, "alerts", _("Backup old after"),
        _("The age of the last sound backup of the ledger, where anything was written since."), Kind.DURATION,
        synonyms=_("copy, safety"),
    ),
    "alerts.task_duration_ms": SettingSpec(
        int, 300_000, "alerts", _("Heavy task: time"),
        _("A task that took longer is listed by {command} for 24 hours.", command=_LISTED), Kind.DURATION,
        synonyms=_("slow, duration, costly"),
    ),
    "alerts.task_memory_bytes": SettingSpec(
        int, 1_073_741_824, "alerts", _("Heavy task: memory"),
        _("A task that took more at its peak is listed by {command} for 24 hours.", command=_LISTED), Kind.SIZE,
        synonyms=_("RAM, size, costly"),
    ),
    "alerts.task_cpu_percent": SettingSpec(
        int, 80, "alerts", _("Heavy task: CPU"),
        _("Of tasks that took a second or longer; every core counts 100 %."), Counted.PERCENT,
        synonyms=_("processor, load, costly"),
    ),
}  # fmt: skip
_KINDS = {int: _("a whole number"), bool: _("true or false"), str: _("text")}


def known(key: str) -> SettingSpec:
    """Raises Invalid for a key that does not exist."""
    if key not in SETTINGS:
        raise Invalid(_("There is no setting “{key}”{end}", key=key, end=did_you_mean(key, SETTINGS)))
    return SETTINGS[key]


def check(key: str, value: Json) -> None:
    """Raises Invalid for what it may not be."""
    spec = known(key)
    if not isinstance(value, spec.kind) or (spec.kind is int and isinstance(value, bool)):
        raise Invalid(_("The setting {key} is {kind}: {title}.", key=key, kind=_KINDS[spec.kind], title=spec.title))
    if spec.choices and value not in dict(spec.choices):
        choices = listed(filter(None, dict(spec.choices)))
        raise Invalid(
            _("The setting {key} is one of {known}, or empty; not “{value}”.", key=key, known=choices, value=value)
        )
    if spec.kind is int:
        _check_range(key, spec, cast("int", value))


def _check_range(key: str, spec: SettingSpec, value: int) -> None:
    allowed, written = RANGES[key], {"title": spec.title, "value": write(spec, value)}
    if value < allowed.smallest:
        least = write(spec, int(allowed.smallest))
        raise Invalid(_("“{title}” is at least {least}, not {value}.", least=least, **written))
    if value > allowed.largest:
        most = write(spec, int(allowed.largest))
        raise Invalid(_("“{title}” is at most {most}, not {value}.", most=most, **written))


def write(spec: SettingSpec, value: Json) -> Message:
    """A value of it as a person reads it, with its unit."""
    if isinstance(value, bool):
        return _p("a setting", "on") if value else _p("a setting", "off")
    if isinstance(value, int):
        if isinstance(spec.unit, Kind):
            return quantity(value, spec.unit).words if value >= 0 else Message(format_number(value))
        if spec.unit is Counted.PERCENT:
            return _("{number} %", number=format_number(value))
        if spec.unit is Counted.MESSAGES:
            return _n("{n} message", "{n} messages", value)
        return _n("{n} execution", "{n} executions", value)
    return dict(spec.choices).get(str(value)) or Message(str(value)) if value or spec.choices else _("(empty)")


def read(spec: SettingSpec, text: str, bare: int = 1) -> Json:
    """What a person typed; a number without a unit counts in units of `bare`. Raises Invalid."""
    if isinstance(spec.unit, Kind):
        return parse_quantity(text, spec.unit, bare)
    if spec.unit is Counted.PERCENT:
        return parse_number(text.strip().removesuffix("%"))
    return parse_number(text) if spec.kind is int else text.strip()
