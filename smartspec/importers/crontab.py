"""A crontab: each line as a job with its schedule, and what of it is said otherwise or lost here.

As Debian's cron reads it (crontab(5)): assignments hold for the lines below them and expand nothing; the first `%` that
has no backslash ends the command, what follows is its input, with further ones as ends of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from smartspec.domain.schedule.cron import AT_START, CronRule, parse_cron
from smartspec.domain.schedule.cron_warnings import cron_warnings
from smartspec.domain.schedule.zones import parse_zone
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.importers.crontab_names import job_name
from smartspec.importers.crontab_secrets import Secret, secrets_in
from smartspec.messages import Message, _, _n
from smartspec.value import frozen

_ASSIGNMENT = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([^\s="']+))\s*=\s*(.*?)\s*""")
_JOB = re.compile(r"\s*(@\S+|(?:\S+\s+){4}\S+)(?:\s+(.*))?", re.DOTALL)
_WORD_AND_REST = re.compile(r"\A(\S*)\s*(.*)\Z", re.DOTALL)
_SWITCHED_OFF = re.compile(r"\s*#+\s*(@[a-z]+|(?:[\d*][\d*/,-]*\s+){2}\S+\s+\S+\s+\S+)\s+\S")
_WITH_USER = re.compile(r"#.*\bdow\s+user(?:-?name)?\s+command", re.IGNORECASE)
_NOWHERE = r"1?>>?\s*/dev/null"
_THROWN_AWAY = re.compile(
    rf"\s*(?:&>>?\s*/dev/null|>&\s*/dev/null|2>&1\s+{_NOWHERE}|(?:{_NOWHERE}|2>>?\s*/dev/null)(?:\s*2>\s*(?:&1|/dev/null))?)\s*$"
)
_OF_MAIL = frozenset({"MAILTO", "MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING"})
_OF_CRON = _OF_MAIL | {"SHELL", "CRON_TZ", "RANDOM_DELAY"}
_WITH_HERE_DOCUMENTS = frozenset({"sh", "bash", "dash", "zsh", "ksh"})
_LONGEST_SHOWN = 60


@frozen(kw_only=True)
class CrontabJob:
    """`when` is as it is written, `run` the command without what cron itself takes out of it, `stdin` what it is given
    to read.

    `trigger_type` and `expression` are as `parse_rule` takes them, both empty where the line has no schedule: then
    `problem` says why. `timezone` is empty for the machine's. `mailto` is None where the crontab does not say, and cron
    writes to its owner. `notes` say what is otherwise here, `losses` what is not to be had, `warnings` what the
    expression does.
    """

    line: int
    text: str
    when: str
    name: str
    description: str
    run: str
    stdin: str = ""
    trigger_type: str = ""
    expression: str = ""
    timezone: str = ""
    shell: str = ""
    variables: Mapping[str, str]
    user: str = ""
    mailto: str | None = None
    secrets: tuple[Secret, ...] = ()
    notes: tuple[Message, ...] = ()
    losses: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    problem: str = ""


@frozen
class Skipped:
    """A line that makes no job. `is_problem`: cron would not have taken it either, or something of it is lost."""

    line: int
    text: str
    reason: str
    is_problem: bool


@frozen
class Crontab:
    """`variables` are those that hold at the end, but for mail's."""

    jobs: tuple[CrontabJob, ...]
    skipped: tuple[Skipped, ...]
    variables: Mapping[str, str]


def parse_crontab(text: str, has_user: bool | None = None) -> Crontab:
    """`has_user`: the command stands behind the name of a user, as in /etc/crontab; None: where its head says so."""
    lines = text.lstrip("\ufeff").split("\n")
    user_field = bool(_WITH_USER.search(text)) if has_user is None else has_user
    reader = _Reader(user_field)
    for number, line in enumerate(lines, 1):
        reader.read(number, line.rstrip("\r"))
    variables = {name: value for name, value in reader.variables.items() if name not in _OF_MAIL}
    return Crontab(tuple(reader.jobs), tuple(reader.skipped), variables)


class _Reader:
    """Goes down the lines with what holds so far."""

    def __init__(self, has_user: bool) -> None:
        self._has_user = has_user
        self._names: set[str] = set()
        self._comment = ""
        self.variables: dict[str, str] = {}
        self.jobs: list[CrontabJob] = []
        self.skipped: list[Skipped] = []

    def read(self, number: int, line: str) -> None:
        above, self._comment = self._comment, ""
        if not line.strip():
            return
        if line.lstrip().startswith("#"):
            self._read_comment(number, line)
        elif assigned := _ASSIGNMENT.fullmatch(line):
            self._assign(number, line, assigned)
        else:
            self._read_job(number, line, above)

    def _read_comment(self, number: int, line: str) -> None:
        if _SWITCHED_OFF.match(line):
            self._skip(number, line, _("a comment; it looks like a job that was switched off"), is_problem=False)
        else:
            self._comment = line.strip().lstrip("#").strip()

    def _assign(self, number: int, line: str, assigned: re.Match[str]) -> None:
        name, value = assigned[1] or assigned[2] or assigned[3], assigned[4]
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        self.variables[name] = value
        if "$" in value:
            why = _("cron expands nothing in an assignment; it is kept as it stands")
            self._skip(number, line, why, is_problem=False)

    def _read_job(self, number: int, line: str, above: str) -> None:
        match = _JOB.fullmatch(line)
        when, rest = (match[1], match[2] or "") if match else ("", "")
        user, command = _WORD_AND_REST.findall(rest)[0] if self._has_user else ("", rest)
        if not command.strip():
            self._skip(number, line, _("It is not five fields of cron and a command."), is_problem=True)
            return
        self.jobs.append(self._job(number, line, when, user, command.strip(), above))

    def _job(self, number: int, line: str, when: str, user: str, command: str, above: str) -> CrontabJob:
        run, stdin, notes = _command(command)
        trigger_type, expression, losses, warnings, problem = _schedule(when)
        name = job_name(run, self._names)
        self._names.add(name)
        zone, of_zone = self._zone()
        shell = self.variables.get("SHELL", "")
        kept = {key: value for key, value in self.variables.items() if key not in _OF_CRON}
        return CrontabJob(
            line=number, text=line, when=" ".join(when.split()), name=name, description=above, run=run, stdin=stdin,
            trigger_type=trigger_type, expression=expression, timezone=zone, shell=shell, variables=kept, user=user,
            mailto=self.variables.get("MAILTO"), secrets=secrets_in(run, kept), notes=(*notes, *self._otherwise(user)),
            losses=(*losses, *of_zone, *_of_input(shell, stdin)), warnings=warnings, problem=problem,
        )  # fmt: skip

    def _otherwise(self, user: str) -> Iterator[Message]:
        if user:
            yield _("it ran as {user} there, and runs as you here", user=user)
        if "RANDOM_DELAY" in self.variables:
            yield _("RANDOM_DELAY is the jitter of a schedule: {minutes} min", minutes=self.variables["RANDOM_DELAY"])

    def _zone(self) -> tuple[str, tuple[Message, ...]]:
        name = self.variables.get("CRON_TZ", "")
        try:
            return (parse_zone(name).key, ()) if name else ("", ())
        except Invalid as error:
            return "", (_("CRON_TZ is not known here, the machine's zone is taken: {why}", why=error),)

    def _skip(self, number: int, line: str, reason: str, *, is_problem: bool) -> None:
        self.skipped.append(Skipped(number, line, reason, is_problem))


def takes_input(shell: str) -> bool:
    """Whether a script of this shell can hand over an input; empty is sh."""
    return not shell or PurePosixPath(shell).name in _WITH_HERE_DOCUMENTS


def _of_input(shell: str, stdin: str) -> Iterator[Message]:
    if stdin and not takes_input(shell):
        yield _("what stands behind the first % cannot be handed over by {shell}", shell=shell)


_Schedule = tuple[str, str, tuple[Message, ...], tuple[Message, ...], str]


def _schedule(when: str) -> _Schedule:
    """Trigger type, expression, losses, warnings, problem."""
    if when.lower() == AT_START:
        loss = _("{name} ran at the start of the machine, this at the start of the runner", name=AT_START)
        return "event", "application started", (loss,), (), ""
    try:
        rule = parse_cron(when)
    except Invalid as error:
        return "", "", (), (), error.sentence
    return "cron", _plain(rule), (), tuple(each.sentence for each in cron_warnings(rule)), ""


def _plain(rule: CronRule) -> str:
    """Of a name what it stands for."""
    return " ".join(rule.fields) if rule.expression.startswith("@") else rule.expression


def _command(text: str) -> tuple[str, str, list[Message]]:
    """What the shell runs, what it reads, and what was done to the text."""
    notes: list[Message] = []
    command, percent, given = _split_at_percent(text)
    if "\\%" in text:
        notes.append(_("\\% is a % there"))
    if percent:
        notes.append(_("what stands behind the first % is its input"))
    stdin = given if not given or given.endswith("\n") else f"{given}\n"
    kept = _THROWN_AWAY.sub("", command)
    if kept != command:
        notes.append(_("output was thrown away there; here it is kept"))
    if re.search(r"\s#", kept):
        notes.append(_("cron hands the whole rest of the line to the shell, the # too"))
    return kept.strip(), stdin, notes


def _split_at_percent(text: str) -> tuple[str, bool, str]:
    pieces = re.split(r"(?<!\\)%", text)
    command, *lines = (piece.replace("\\%", "%") for piece in pieces)
    return command, bool(lines), "\n".join(lines)


# What is said of the whole


def mail_summary(crontab: Crontab) -> tuple[Message, ...]:
    """To whom cron wrote: nothing is sent by itself here."""
    told: dict[str | None, list[int]] = {}
    for job in crontab.jobs:
        told.setdefault(job.mailto, []).append(job.line)
    return tuple(_mail(to, numbers) for to, numbers in told.items())


def _mail(to: str | None, numbers: list[int]) -> Message:
    lines = {"lines": f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else str(numbers[0])}
    if to == "":
        return _n("Line {lines}: cron wrote to nobody.", "Lines {lines}: cron wrote to nobody.", len(numbers), **lines)
    if to is None:
        return _n(
            "Line {lines}: cron mailed what it printed to you; here it is in its log.",
            "Lines {lines}: cron mailed what they printed to you; here it is in their logs.",
            len(numbers), **lines,
        )  # fmt: skip
    return _n(
        "Line {lines}: cron mailed what it printed to {to}; nothing is sent here until a channel is set.",
        "Lines {lines}: cron mailed what they printed to {to}; nothing is sent here until a channel is set.",
        len(numbers), to=one_line(to, _LONGEST_SHOWN), **lines,
    )  # fmt: skip
