"""What a schedule is told on the terminal, when it is made or edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import click

from smartspec.cli.input_options import read_input
from smartspec.cli.options import DURATION, read_json
from smartspec.commands.schedule_plan import zone_of
from smartspec.commands.schedule_previews import moment_in
from smartspec.commands.schedules import ScheduleOptions
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.messages import _

_MISFIRES, _OVERLAPS = [each.value for each in Misfire], [each.value for each in Overlap]


def schedule_options(function: Callable[..., object]) -> Callable[..., object]:
    """The options of both."""
    for option in reversed((
        click.option("--every", metavar="DURATION", help="An interval instead, as 90m."),
        click.option("--at", metavar="TIME", help="Once instead, as 2026-12-24T18:00."),
        click.option("--on", metavar="EVENT", help="An event instead, as “workflow failed backup” or “event NAME”."),
        click.option("--by-hand", is_flag=True, help="An input with a name; it is run with: schedule run NAME."),
        click.option("--name", metavar="TEXT", help="What it is called."),
        click.option("--timezone", metavar="ZONE", help="Whose clocks it goes by, as Europe/Berlin."),
        click.option("--start", metavar="TIME", help="It is not due before."),
        click.option("--end", metavar="TIME", help="It is not due after."),
        click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter, by its declared type."),
        click.option("--input", "input_", metavar="JSON|@FILE", help="The whole input as a JSON object."),
        click.option("--version", metavar="VERSION", help="Always this version, not the current one."),
        click.option("--misfire", type=click.Choice(_MISFIRES), help="What is made up for of what was missed."),
        click.option("--cap", "catch_up_cap", type=int, metavar="N", help="The most that is made up for."),
        click.option("--overlap", type=click.Choice(_OVERLAPS), help="While an execution of the workflow is active."),
        click.option("--jitter", type=DURATION, metavar="DURATION", help="Start up to so much later, by chance."),
        click.option("--blackout", "blackouts", multiple=True, metavar="DAYS", help="Days without, as 12-24/01-02."),
        click.option("--keep", "variables", multiple=True, metavar="NAME", help="A variable to keep beside PATH."),
        click.option("--folder", metavar="FOLDER", help="Where it runs, else where the workflow does."),
    )):  # fmt: skip
        function = option(function)
    return function


def read_rule(expression: str | None, given: dict[str, object]) -> tuple[TriggerType, str] | None:
    """What it is started by, of the ways to say it; None: nothing was said. Raises UsageError for two of them."""
    every, at, on, by_hand = (given.pop(key) for key in ("every", "at", "on", "by_hand"))
    ways = {
        TriggerType.CRON: expression, TriggerType.INTERVAL: every, TriggerType.ONCE: at, TriggerType.EVENT: on,
        TriggerType.MANUAL: "" if by_hand else None,
    }  # fmt: skip
    said = [(kind, text) for kind, text in ways.items() if isinstance(text, str)]
    if len(said) > 1:
        raise click.UsageError(_("Give an expression, {others}: one of them.", others="--every, --at, --on, --by-hand"))
    return said[0] if said else None


def read_options(given: dict[str, object], ref: str, workspace: str) -> ScheduleOptions:
    """Those that were given, as the commands take them. Raises Invalid."""
    parameters, text = cast("tuple[str, ...]", given.pop("parameters")), cast("str | None", given.pop("input_"))
    ends = {f"{key}_at": cast("str | None", given.pop(key)) for key in ("start", "end")}
    kinds = {"misfire": Misfire, "overlap": Overlap}
    said = {key: value for key, value in given.items() if value not in (None, ())}
    said |= {key: kind(str(said[key])) for key, kind in kinds.items() if key in said}
    options = cast("ScheduleOptions", said)
    if folder := options.get("folder"):
        options["folder"] = str(Path(folder).absolute())  # a runner is somewhere else
    if parameters or text:
        given_input = read_json(text, "--input") if text else {}
        version = options.get("version")
        options["input"] = read_input(given_input, parameters, ref, version, workspace, templates=True)
    zone = zone_of(options.get("timezone"))
    moments = {key: moment_in(end, zone) if end else None for key, end in ends.items() if end is not None}
    return cast("ScheduleOptions", {**options, **moments})
