"""`audit`: who did what to workflows, narrowed, counted, and as files that other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands.actor import user
from smartspec.domain.audit import KIND_OF
from smartspec.vocabulary import EVENT_WORDS
from tests.conftest import Said

Call = Callable[..., Said]


@pytest.fixture
def trail(terminal: Call, home: Path) -> Call:
    """`a` was made, set and renamed; `b` was made and deleted for good."""
    for name in ("a", "b"):
        terminal("call", "create_workflow", f'{{"name": "{name}"}}')
    assert terminal("config", "set", "a", "host", "very secret").code == 0
    assert terminal("rename", "a", "c").code == 0
    assert terminal("delete", "b").code == 0
    assert terminal("purge", "b", "--yes").code == 0
    return terminal


def done(said: Said) -> list[tuple[str, str]]:
    assert said.code == 0, said.err
    return [(each["event"]["type"], each["ref"]) for each in said.json()]


def test_who_did_what_newest_first(trail: Call) -> None:
    said = trail("audit").out
    heading, *lines = said.splitlines()
    assert heading.split() == ["WHEN", "WHO", "WHAT", "WORKFLOW", "DETAILS"]
    assert "workflow purged" in lines[0] and "default.b" in lines[0] and user() in lines[0]
    assert "“a” → “c”" in said and "very secret" not in said
    assert done(trail("audit", "--json"))[-1][0] == "workflow_created"


def test_what_was_purged_is_in_the_audit_of_its_workspace_only(trail: Call) -> None:
    there = ("--workspace", "elsewhere")
    assert trail("workspace", "new", "Elsewhere").code == 0
    assert trail(*there, "audit", "--json").json() == []
    assert trail("call", "create_workflow", '{"name": "x", "workspace": "elsewhere"}').code == 0
    for verb in (["delete", "x"], ["purge", "x", "--yes"]):
        assert trail(*there, *verb).code == 0
    assert {ref for _, ref in done(trail(*there, "audit", "--json"))} == {"default.x"}
    assert "default.x" not in {ref for _, ref in done(trail("audit", "--json"))}
    assert trail("audit", "--text", "default.x", "--count").out == "0\n"
    assert trail("workspace", "remove", "elsewhere").code == 0
    assert "default.x" in {ref for _, ref in done(trail("audit", "--json"))}, "nobody else would tell of it"


def test_it_is_narrowed(trail: Call) -> None:
    assert {ref for _, ref in done(trail("audit", "a", "--json"))} == {"default.a"}
    assert done(trail("audit", "--what", "renamed", "--json")) == [("workflow_renamed", "default.a")]
    both = done(trail("audit", "--what", "renamed", "--what", "DELETED", "--json"))
    assert [type_ for type_, _ in both] == ["workflow_purged", "workflow_deleted", "workflow_renamed"]
    assert done(trail("audit", "--text", "host", "--json")) == [("config_set", "default.a")]
    for nothing in (["--by", "nobody"], ["--until", "2001-01-01"], ["--text", "no%thing"]):
        assert trail("audit", *nothing).out == "Nothing was done that is like this.\n"
        assert trail("audit", *nothing, "--count").out == "0\n"
    everything = len(done(trail("audit", "--by", user(), "--since", "1d", "--json")))
    assert trail("audit", "--count", "--json").json() == {"count": everything}


def test_schedules_stand_among_the_changes_but_not_what_they_ran(trail: Call, tmp_path: Path) -> None:
    definition = tmp_path / "d.yaml"
    definition.write_text("smartspec: 1\nname: d\ntasks:\n  hello: {run: echo hello}\n", encoding="utf-8")
    assert trail("import", str(definition)).code == 0
    assert trail("schedule", "add", "d", "0 3 * * *", "--name", "nightly").code == 0
    assert trail("schedule", "edit", "nightly", "--overlap", "queue", "--jitter", "5m").code == 0
    for verb in ("pause", "resume", "remove"):
        assert trail("schedule", verb, "nightly").code == 0
    said = trail("audit", "--what", "schedule", "--json")
    assert [type_ for type_, _ in done(said)] == [
        f"schedule_{what}" for what in ("deleted", "resumed", "paused", "updated", "created")
    ]
    assert "“nightly”: jitter, overlap" in trail("audit", "--what", "schedule").out


def test_pages_go_on_where_they_ended(trail: Call) -> None:
    everything, seen, after = done(trail("audit", "--json")), list[tuple[str, str]](), list[str]()
    while True:
        said = trail("audit", "--limit", "3", "--json", *after)
        seen += done(said)
        if "--after" not in said.err:
            break
        after = said.err.split()[-2:]
    assert seen == everything


def test_as_csv(trail: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(trail("audit", "--format", "csv").out)))
    assert [row["what"] for row in rows][:2] == ["workflow_purged", "workflow_deleted"]
    assert rows[0]["ref"] == "default.b" and rows[0]["who"] == user()
    assert done(trail("audit", "--format", "json"))[0] == ("workflow_purged", "default.b")


def test_what_makes_no_sense_is_told(trail: Call) -> None:
    for wrong, told in (
        (["--what", "nothing"], "rollback"), (["--since", "someday"], "someday"), (["--after", "x"], "“x”"),
        (["--limit", "0"], "--limit"),
    ):  # fmt: skip
        said = trail("audit", *wrong)
        assert said.code == 2 and told in said.err, said.err
    said = trail("audit", "b")
    assert said.code == 4 and "b" in said.err


def test_every_change_has_a_word() -> None:
    assert {each.value for each in KIND_OF} <= {*EVENT_WORDS}
