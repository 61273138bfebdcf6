"""When expressions of cron are due: what Debian's cron did when it was driven over these times, and others' mistakes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.schedule.cron import parse_cron
from smartspec.domain.schedule.due import due_times
from smartspec.errors import Invalid

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "cron_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["expected"]], ids=lambda vector: vector["id"])
def test_it_is_due_as_debian_cron_has_it(vector: dict[str, object]) -> None:
    zone = ZoneInfo(str(vector["tz"]))
    start = datetime.fromisoformat(str(vector["from"]))
    expected = vector["expected"]
    assert isinstance(expected, list)
    after = start if start.tzinfo else start.replace(tzinfo=zone)
    found = islice(due_times(parse_cron(str(vector["expr"])), zone, after), len(expected))
    assert [due.astimezone(zone).isoformat() for due in found] == expected


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["expected"] is None], ids=lambda vector: vector["id"])
def test_what_is_no_expression_or_never_comes_is_refused(vector: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        parse_cron(str(vector["expr"]))


def test_there_are_48() -> None:
    assert len(VECTORS) == 48


def test_due_times_are_in_utc() -> None:
    due = next(due_times(parse_cron("30 7 * * *"), ZoneInfo("Europe/Berlin"), datetime(2026, 7, 1, tzinfo=UTC)))
    assert due.isoformat() == "2026-07-01T05:30:00+00:00"
