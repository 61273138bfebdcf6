"""A simulation of stored schedules: what it knows of them, what it cannot, and that nothing is run."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from smartspec.commands import (
    executions,
    machine_sleep,
    schedule_forecasts,
    schedule_simulation,
    schedules,
    settings,
    simulation_export,
)
from smartspec.commands.schedule_forecasts import ScheduleForecast, SimulationRequest
from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.schedule.policy import Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.domain.schedule.simulated_findings import FindingKind
from smartspec.errors import Invalid, ScheduleNotFound, Stopped
from smartspec.messages import translate
from smartspec.store import clock_events, database, events, schedule_summaries

Store = Callable[..., object]
NOW = datetime(2027, 3, 25, 13, 32, tzinfo=UTC)
K = FindingKind


@pytest.fixture(autouse=True)
def stands_still(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr(times, "now", lambda: NOW)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    for name in ("backup", "papers"):
        store({"name": name, "tasks": {"a": {"run": "true"}}})


def forecast(**given: object) -> ScheduleForecast:
    return schedule_forecasts.forecast_schedules(SimulationRequest(**given))  # type: ignore[arg-type]


def told(found: ScheduleForecast, kind: FindingKind) -> list[tuple[str, str]]:
    return [(translate(each.headline), translate(each.detail)) for each in found.findings if each.kind is kind]


def test_it_runs_nothing_and_says_what_would() -> None:
    schedules.create_schedule("backup", "0 2 * * *", name="Nightly")
    found = forecast()
    assert (found.sums.starts, len(found.days)) == (29, 30)
    assert [(each.schedule.name, each.workflow_name, each.number) for each in found.lanes] == [("Nightly", "backup", 0)]
    assert not executions.list_executions().rows


def test_what_cannot_be_simulated_does_not_stop_the_rest() -> None:
    schedules.create_schedule("backup", "0 2 * * *", name="Nightly")
    schedules.create_schedule("papers", "0 9 * * *", name="Office", timezone="Europe/Berlin")
    schedules.create_schedule("papers", "application started", name="At start", trigger_type=TriggerType.EVENT)
    with database.transaction():
        database.execute("UPDATE schedules SET timezone = 'Europe/Berln' WHERE name = 'Office'", ())
    found = forecast()
    assert found.sums.starts == 29
    (unreadable,) = told(found, K.UNREADABLE)
    assert unreadable[0] == "Office cannot be simulated" and "Berln" in unreadable[1]
    assert told(found, K.WITHOUT_TIMES)[0][0] == "1 schedule has no times"
    by_name = {each.schedule.name: (each.number, bool(each.problem)) for each in found.lanes}
    assert by_name == {"Nightly": (0, False), "Office": (None, True), "At start": (None, False)}
    load = schedule_simulation.simulate_schedules()
    assert next(each.problem for each in load.schedules if each.name == "Office")


def test_those_that_are_off_are_left_out_unless_they_are_named() -> None:
    made = schedules.create_schedule("backup", "0 2 * * *", name="Nightly")
    schedules.create_schedule("papers", "0 9 * * *", name="Office")
    schedules.pause_schedule("Nightly")
    found = forecast()
    assert ([each.schedule.name for each in found.lanes], found.paused) == (["Office"], 1)
    assert [each.schedule.name for each in forecast(which=(made.id,)).lanes] == ["Nightly"]
    with pytest.raises(ScheduleNotFound):
        forecast(which=("nothing",))


def test_the_period_is_days_of_the_calendar() -> None:
    schedules.create_schedule("backup", "0 2 * * *", name="Nightly")
    later = forecast(first=date(2027, 4, 1), days=3)
    assert [each.day.day for each in later.days] == [1, 2, 3] and later.sums.starts == 3
    for given, part in (({"first": date(2027, 3, 24)}, "is over"), ({"days": 0}, "from 1 to 366")):
        with pytest.raises(Invalid, match=part):
            forecast(**given)


def test_conditions_are_taken_to_hold_and_it_says_so() -> None:
    schedules.create_schedule("backup", "0 2 * * *", name="Nightly", conditions={"mains": True})
    assert told(forecast(), K.CONDITIONS) == [("1 schedule has conditions", "They are taken to hold: Nightly.")]


def test_the_limit_is_the_setting() -> None:
    for name in ("a", "b", "c"):
        schedules.create_schedule("backup", "0 2 * * *", name=name, overlap=Overlap.ALLOW)
    settings.set_setting("runner.at_once", 2)
    found = forecast(days=2)
    assert (found.simulation.places, found.sums.most_at_once) == (2, 3)
    assert told(found, K.CROWD)[0][0] == "Fri 26 Mar 02:00: 3 at once, 2 places"


def test_it_stops_when_nobody_wants_it() -> None:
    schedules.create_schedule("backup", "* * * * *", name="Often")
    with pytest.raises(Stopped):
        schedule_forecasts.forecast_schedules(SimulationRequest(), on_progress=lambda share: share < 0.01)


def test_another_one_is_wanted_after_a_change_and_not_after_a_firing() -> None:
    made = schedules.create_schedule("backup", "0 2 * * *", name="Nightly")
    before = schedule_forecasts.schedule_versions()
    with database.transaction():
        database.execute("UPDATE schedules SET next_run_at = next_run_at + 1 WHERE pk = ?", (made.pk,))
    assert schedule_forecasts.schedule_versions() == before
    schedules.update_schedule(made.id, overlap=Overlap.QUEUE)
    changed = schedule_forecasts.schedule_versions()
    settings.set_setting("runner.at_once", 7)
    assert len({before, changed, schedule_forecasts.schedule_versions()}) == 3


# Sleep


def slept(days_ago: int) -> None:
    begin = datetime(2027, 3, 25, 22, 10, tzinfo=UTC) - timedelta(days=days_ago)
    end = begin + timedelta(hours=8, minutes=4)
    with database.transaction():
        events.add(EventType.CLOCK_SLEPT, data={"from": times.to_ms(begin), "until": times.to_ms(end)},
                   at_ms=times.to_ms(end))  # fmt: skip


def test_usual_sleep_is_learned_from_what_runners_noted() -> None:
    with pytest.raises(Invalid, match="not known when this machine usually sleeps"):
        machine_sleep.read_sleep("usual")
    for ago in range(40, 0, -1):
        slept(ago)
    assert machine_sleep.learned_sleep() == NightlySleep(time(23, 10), time(7, 14))
    assert len(clock_events.sleeps(NOW - timedelta(days=7))) == 7
    schedules.create_schedule("backup", "0 2 * * *", name="Nightly")
    load = schedule_simulation.simulate_schedules(sleep="usual")
    assert (load.slept_over, load.caught_up, load.starts) == (29, 29, 29)


def test_sleep_as_a_person_states_it() -> None:
    assert machine_sleep.read_sleep("23:00 - 07:00") == NightlySleep(time(23), time(7))
    for text in ("always", "23:00", "07:00-07:00", "25:00-07:00"):
        with pytest.raises(Invalid, match="two times of day"):
            machine_sleep.read_sleep(text)
    with pytest.raises(Invalid, match="is no day"):
        schedule_simulation.simulate_schedules(first="soon")


def test_facts_of_a_workspace_and_of_a_workflow_are_the_same() -> None:
    made = schedules.create_schedule("backup", "0 2 * * *", name="Nightly")
    assert schedule_summaries.of_workflow(made.workflow)[made.pk][2] == "backup"


# A file of it


def test_every_due_time_is_a_line_of_a_file(tmp_path: Path) -> None:
    schedules.create_schedule("backup", "0 */2 * * *", name="Often")
    found = forecast(days=2, sleep=NightlySleep(time(23), time(7)))
    written = simulation_export.export_forecast(tmp_path / "days.csv", found)
    lines = list(csv.DictReader((tmp_path / "days.csv").read_text(encoding="utf-8").splitlines()))
    assert written == len(lines) == 4 + 1 + 1 + 8
    assert {each["decision"] for each in lines} == {"ran", "caught_up", "skipped_asleep"}
    missed = next(each for each in lines if each["decision"] == "skipped_asleep")
    assert (missed["count"], missed["begins_at"], missed["due_at"]) == ("3", "", "2027-03-25T23:00:00.000Z")
    ran = lines[0]
    assert (ran["schedule"], ran["workflow"], ran["is_estimated"]) == ("Often", "backup", "True")
    assert (ran["due_at"], ran["ends_at"]) == ("2027-03-25T15:00:00.000Z", "2027-03-25T15:01:00.000Z")
    simulation_export.export_forecast(tmp_path / "days.json", found)
    assert len(json.loads((tmp_path / "days.json").read_text())) == written
    with pytest.raises(Invalid, match="says no format"):
        simulation_export.export_forecast(tmp_path / "days.txt", found)
