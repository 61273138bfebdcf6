"""What a schedule is told on the terminal, when it is made or edited."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

import click

from smartspec.cli.event_option import read_event
from smartspec.cli.input_options import read_input
from smartspec.cli.options import DURATION, read_json
from smartspec.commands.schedule_plan import conditions_of, zone_of
from smartspec.commands.schedule_previews import moment_in
from smartspec.commands.schedules import ScheduleOptions
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.messages import _

_MISFIRES, _OVERLAPS = [each.value for each in Misfire], [each.value for each in Overlap]


def schedule_options(function: Callable[..., object]) -> Callable[..., object]:
    """The options of both."""
    for option in reversed((
        click.option("--every", metavar="DURATION", help="An interval instead, as 90m."),
        click.option("--at", metavar="TIME", help="Once instead, as 2026-12-24T18:00."),
        click.option("--on", metavar="EVENT", help="An event instead, as “file appeared ~/in” or “workflow failed x”."),
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
        click.option("--per-hour", "events_per_hour", type=int, metavar="N", help="At most so many an hour; 0: any."),
        click.option("--jitter", type=DURATION, metavar="DURATION", help="Start up to so much later, by chance."),
        click.option("--blackout", "blackouts", multiple=True, metavar="DAYS", help="Days without, as 12-24/01-02."),
        click.option("--not-on-battery/--on-battery", default=None, help="Only on mains power, or on battery as well."),
        click.option("--network", "networks", multiple=True, metavar="NAME", help="Only on one of these networks."),
        click.option("--idle-for", "idle", metavar="DURATION", help="Only when nobody used it for so long, as 10m."),
        click.option("--path-exists", "path", metavar="PATH", help="Only when this is there, such as a disk."),
        click.option("--when-command", "command", metavar="COMMAND", help="Only when this ends with exit code 0."),
        click.option("--no-conditions", is_flag=True, help="Whatever holds on the machine: takes back all of these."),
        click.option(
            "--blackout-calendar", "calendars", multiple=True, metavar="FILE",
            help="A calendar (.ics) whose events are days without.",
        ),
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
    ways[TriggerType.EVENT] = read_event(on) if isinstance(on, str) else None
    said = [(kind, text) for kind, text in ways.items() if isinstance(text, str)]
    if len(said) > 1:
        raise click.UsageError(_("Give an expression, {others}: one of them.", others="--every, --at, --on, --by-hand"))
    return said[0] if said else None


def read_options(
    given: dict[str, object], ref: str, workspace: str, schedule: Schedule | None = None
) -> ScheduleOptions:
    """Those that were given, as the commands take them; `schedule` is what they change. Raises Invalid."""
    conditions = _read_conditions(given, schedule)
    parameters, text = cast("tuple[str, ...]", given.pop("parameters")), cast("str | None", given.pop("input_"))
    ends = {f"{key}_at": cast("str | None", given.pop(key)) for key in ("start", "end")}
    kinds = {"misfire": Misfire, "overlap": Overlap}
    said = {key: value for key, value in given.items() if value not in (None, ())}
    said |= {key: kind(str(said[key])) for key, kind in kinds.items() if key in said}
    if "events_per_hour" in said:
        said["events_per_hour"] = said["events_per_hour"] or None
    options = cast("ScheduleOptions", said)
    if folder := options.get("folder"):
        options["folder"] = str(Path(folder).absolute())  # a runner is somewhere else
    if files := options.get("calendars"):
        options["calendars"] = [str(Path(each).absolute()) if each else "" for each in files]
    if parameters or text:
        given_input = read_json(text, "--input") if text else {}
        version = options.get("version")
        options["input"] = read_input(given_input, parameters, ref, version, workspace, templates=True)
    if conditions is not None:
        options["conditions"] = conditions
    zone = zone_of(options.get("timezone"))
    moments = {key: moment_in(end, zone) if end else None for key, end in ends.items() if end is not None}
    return cast("ScheduleOptions", {**options, **moments})


_CONDITIONS = ("networks", "idle", "path", "command")


def _read_conditions(given: dict[str, object], schedule: Schedule | None) -> JsonObject | None:
    """All that have to hold: those of the schedule, with what was said; None: nothing was."""
    said = {key: cast("Json", value) for key in _CONDITIONS if (value := given.pop(key)) not in (None, ())}
    mains, takes_back = given.pop("not_on_battery"), given.pop("no_conditions")
    if mains is not None:
        said["mains"] = bool(mains)
    if networks := said.get("networks"):
        said["networks"] = list(cast("tuple[str, ...]", networks))
    if path := said.get("path"):
        said["path"] = str(Path(os.path.expanduser(str(path))).absolute())  # noqa: PTH111 - a home may be unknown
    if not (said or takes_back):
        return None
    before = {} if schedule is None or takes_back else conditions_of(schedule).as_json()
    return {**before, **said}
