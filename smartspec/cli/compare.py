"""`compare` and `replay`: what differs between executions, and doing one again as it was."""

from __future__ import annotations

import sys

import click

from smartspec.cli.detached import hand_over
from smartspec.cli.echo import paint
from smartspec.cli.foreground import run_here
from smartspec.cli.options import EXECUTION, EXIT_CODES, WHICH, command
from smartspec.cli.output import SIGNS, coloured_lines, moment, padded, said_reason, show, status, table
from smartspec.cli.session import session
from smartspec.commands import comparing
from smartspec.commands.result_json import to_json
from smartspec.domain.compare.comparison import Comparison, TaskPair
from smartspec.domain.compare.verdict import ReplayVerdict, Verdict
from smartspec.domain.display import apply_overwrites, strip_escapes
from smartspec.domain.execution import Execution, Origin, TaskExecution
from smartspec.domain.ids import RunnerPk
from smartspec.domain.reasons import error_in_text
from smartspec.domain.text import one_line
from smartspec.formatting import DASH, format_duration
from smartspec.messages import Message, _, tr, translate, trn
from smartspec.vocabulary import status_in_text

_MOST_TASKS = 20
_DIFFERENT = 13  # the exit code of a replay that completed and came to something else
_LIKELIHOODS: dict[str, Message] = {
    "very likely": _("very likely"), "likely": _("likely"), "possible": _("possible"), "unlikely": _("unlikely"),
}  # fmt: skip
_COLOURS = {"very likely": "red", "likely": "yellow", "possible": "cyan", "unlikely": "bright_black"}


@command("compare")
@click.argument("one", metavar="ID|REF", type=EXECUTION)
@click.argument("other", metavar="[ID]", required=False, type=EXECUTION)
@click.option("--all", "everything", is_flag=True, help="Also what hardly explains anything, and tasks that agree.")
def compare_command(one: str, other: str | None, everything: bool) -> None:
    """What differs between two executions, the most likely explanation first.

    With one REF: its newest failed execution against the last one that completed before it.

    \b
    Examples:
      smartspec compare nightly
      smartspec compare nightly#41 nightly#42
    """
    workspace = session().workspace
    if other is None:
        found = comparing.compare_with_last_good(one, workspace)
    else:
        found = comparing.compare_executions(one, other, workspace)
    show(_as_json(found), _as_text(found, everything))


def _as_json(found: Comparison) -> dict[str, object]:
    findings = [{**_json(each), "likelihood": each.likelihood} for each in found.findings]
    return {**_json(found), "findings": findings}


def _json(value: object) -> dict[str, object]:
    answer = to_json(value)
    assert isinstance(answer, dict)
    return answer


def _as_text(found: Comparison, everything: bool) -> str:
    parts = [_headline(found), _findings(found, everything), _logs(found), _tasks(found, everything)]
    if found.lines:
        parts.append("\n".join(coloured_lines(found.lines)))
    return "\n\n".join(part for part in parts if part)


def _headline(found: Comparison) -> str:
    lines = [
        f"{status(each.status)}  {each.label}, {moment(each.started_at or each.created_at)}"
        + (tr(", version {version}", version=each.workflow_version) if each.workflow_version else "")
        + (f"  ({said_reason(each.status_reason, each)})" if each.status_reason else "")
        for each in (found.old, found.new)
    ]
    for pair in found.tasks:
        if pair.task in found.suspects and pair.new is not None and not pair.same_end:
            ends = {"old": _ended(pair.old), "new": _ended(pair.new)}
            lines.append(tr("{task} ended otherwise: {old} → {new}", task=pair.label, **ends))
            if pair.new.error:
                lines.append(f"  {one_line(translate(error_in_text(pair.new.error)), 160)}")
    if not found.suspects:
        is_same = found.same_output
        lines.append(tr("Every task ended the same and gave the same.") if is_same else tr("The outputs differ."))
    return "\n".join(lines)


def _ended(row: TaskExecution | None) -> str:
    if row is None:
        return tr("not there")
    return translate(status_in_text(row.status)) + (f" ({said_reason(row.status_reason)})" if row.status_reason else "")


def _findings(found: Comparison, everything: bool) -> str:
    shown = [each for each in found.findings if everything or each.likelihood != "unlikely"]
    hidden = len(found.findings) - len(shown)
    if not found.findings:
        return tr(
            "Nothing that is recorded changed; what is left is what no record holds: files, network, other programs."
        )
    lines = []
    for each in shown:
        word = paint(padded(translate(_LIKELIHOODS[each.likelihood]), 11), _COLOURS[each.likelihood])
        lines.append(f"{word}  {one_line(translate(each.sentence), 200)}\n{' ' * 13}{translate(each.why)}")
    if hidden:
        lines.append(trn("{n} more that hardly explains it: --all", "{n} more that hardly explain it: --all", hidden))
    return "\n".join(lines)


def _logs(found: Comparison) -> str:
    lines = []
    for label, difference in found.log.items():
        lines.append(tr("{task}: the log differs first in line {line}", task=label, line=difference.line))
        for sign, text in (("-", difference.old), ("+", difference.new)):
            shown = tr("(its end)") if text is None else one_line(strip_escapes(apply_overwrites(text)), 160)
            lines.append(paint(f"  {sign} {shown}", {"-": "red", "+": "green"}[sign]))
    return "\n".join(lines)


def _tasks(found: Comparison, everything: bool) -> str:
    shown = [pair for pair in found.tasks if everything or not (pair.same_end and pair.same_outputs)]
    most = len(shown) if everything else _MOST_TASKS
    rows = (
        (pair.label, _cell(pair.old), _cell(pair.new), _lasted(pair), "" if pair.same_outputs else tr("differ"))
        for pair in shown[:most]
    )
    headings = (tr("TASK"), tr("BEFORE"), tr("THEN"), tr("DURATION"), tr("OUTPUTS"))
    listed = table(headings, rows)
    if len(shown) > most:
        listed += f"\n{trn('and {n} more: --all', 'and {n} more: --all', len(shown) - most)}"
    return "\n".join(filter(None, (listed, translate(found.cut))))


def _cell(row: TaskExecution | None) -> str:
    return DASH if row is None else f"{SIGNS.get(row.status, '')} {_ended(row)}"


def _lasted(pair: TaskPair) -> str:
    old, new = (translate(format_duration(ms)) for ms in (pair.old_ms, pair.new_ms))
    return f"{old} → {new}"


@command("replay")
@WHICH
@click.option("--detach", is_flag=True, help="Hand it to a background runner and return at once.")
@click.option("--verdict", is_flag=True, help="Run nothing: say how this replay compares with its original.")
def replay_command(which: str, detach: bool, verdict: bool) -> None:
    """Do an execution again as it was, as a new one: same version, settings, input and time; then compare.

    Everything really runs. Not pinned: secrets, files, the network, the machine. The exit code is that of `run`, and
    13 where it completed and came to something else than the original.

    \b
    Examples:
      smartspec replay nightly#42
      smartspec replay --verdict nightly#43
    """
    here = session()
    if verdict:
        judged = comparing.replay_verdict(which, here.workspace)
        show(judged, _sentences(judged))
        sys.exit(_DIFFERENT if judged.agreement is Verdict.DIFFERENT else 0)

    def start(runner: RunnerPk | None) -> Execution:
        return comparing.replay_execution(which, origin=Origin(runner=runner), workspace=here.workspace)

    if detach:
        hand_over(start(None))
        return
    ended = run_here(here, start)
    judged = comparing.replay_verdict(ended.id)
    show({**_json(ended), "verdict": to_json(judged)}, _sentences(judged))
    code = EXIT_CODES[ended.status]
    sys.exit(_DIFFERENT if not code and judged.agreement is Verdict.DIFFERENT else code)


def _sentences(verdict: ReplayVerdict) -> str:
    return "\n".join([translate(verdict.sentence), *(f"  {translate(each)}" for each in verdict.environment)])


COMMANDS = (compare_command, replay_command)
