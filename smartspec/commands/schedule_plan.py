"""What a stored schedule says: when it is due, what it does about late times, what has to hold on the machine."""

from __future__ import annotations

from datetime import tzinfo

from smartspec.commands import calendars
from smartspec.commands.machine_zone import machine_zone
from smartspec.domain.jsontext import texts
from smartspec.domain.schedule.blackouts import parse_blackout
from smartspec.domain.schedule.conditions import Conditions, parse_conditions
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.zones import parse_zone


def plan_of(schedule: Schedule) -> Plan:
    """Raises Invalid for what another version of the program wrote, and this one does not understand."""
    return Plan(
        rule=parse_rule(schedule.trigger_type, schedule.expression, schedule.start_at or schedule.created_at),
        zone=zone_of(schedule.timezone),
        key=schedule.id,
        misfire=schedule.misfire,
        catch_up_cap=schedule.catch_up_cap,
        overlap=schedule.overlap,
        jitter_ms=schedule.jitter,
        start_at=schedule.start_at,
        end_at=schedule.end_at,
        blackouts=(*map(parse_blackout, texts(schedule.blackouts)), *calendars.blackouts_of(schedule)),
    )


def conditions_of(schedule: Schedule) -> Conditions:
    """Raises Invalid as `plan_of`."""
    return parse_conditions(schedule.conditions)


def zone_of(timezone: str | None) -> tzinfo:
    """None: that of this machine, as it is set now. Raises Invalid for a zone that there is not."""
    return parse_zone(timezone) if timezone else machine_zone()
