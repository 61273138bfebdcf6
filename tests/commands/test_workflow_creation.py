"""A workflow from a text: in one transaction, whole or not at all, for the terminal, the window and programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smartspec import errors
from smartspec.commands import versions, workflows, working_copies
from smartspec.commands.calling import call
from smartspec.commands.workflow_creation import create_workflow_from
from smartspec.commands.workflow_sources import Source, minimal_source
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.store import database
from tests.conftest import Said

TOLD = ("SELECT type FROM events WHERE workflow IS NOT NULL ORDER BY pk", ())


def minimal(name: str, pack: str = "default") -> Source:
    return Source(name, minimal_source(name, pack), "yaml")


def rows() -> list[tuple[object, ...]]:
    """All that a workflow could leave."""
    tables = ("workflows", "workflow_versions", "working_copies", "configs")
    return [database.rows(f"SELECT count(*) FROM {table}")[0] for table in tables] + database.rows(*TOLD)


@pytest.mark.usefixtures("db")
def test_a_draft_or_an_active_one_with_its_first_version() -> None:
    draft = create_workflow_from(minimal("Nightly report", "reports"), change_log="Made by hand")
    assert (draft.ref, draft.status, draft.name) == ("reports.nightly-report", WorkflowStatus.DRAFT, "Nightly report")
    (version,) = versions.list_versions(draft.id).rows
    assert (version.version, version.change_log, version.source) == (
        "1.0.0", "Made by hand", minimal_source("Nightly report", "reports"),
    )  # fmt: skip
    active = create_workflow_from(minimal("Other"), activate=True)
    assert active.status is WorkflowStatus.ACTIVE and active.current_version is not None
    assert working_copies.get_working_copy(active.id) is None
    assert ("workflow_activated",) in database.rows(*TOLD)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (Source("half", 'smartspec: 1\nname: "half\x7f"\ntasks: {a: {run: "true"}}\n', "yaml"), errors.Invalid),
        (Source("errors", "smartspec: 1\nname: errors\ntasks: {a: {runs: x}}\n", "yaml"), errors.Invalid),
        (Source("none", "smartspec: 1\ntasks: {a: {run: x}}\n", "yaml"), errors.Invalid),
        (Source("no text", ":", "yaml"), errors.Invalid),
        (Source("taken", 'smartspec: 1\nname: taken\ntasks: {a: {run: "true"}}\n', "yaml"), errors.Conflict),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_what_cannot_be_made_leaves_nothing(source: Source, kind: type[errors.SmartSpecError]) -> None:
    create_workflow_from(minimal("taken"))
    before = rows()
    with pytest.raises(kind):
        create_workflow_from(source, activate=True)
    assert rows() == before


@pytest.mark.usefixtures("db")
def test_an_error_after_the_first_row_leaves_nothing() -> None:
    """A change log that is too long is refused when the version is made: the workflow goes with it."""
    before = rows()
    with pytest.raises(errors.Invalid):
        create_workflow_from(minimal("late"), change_log="x" * 1_000_000)
    assert rows() == before
    with pytest.raises(errors.WorkflowNotFound):
        workflows.get_workflow("late")


@pytest.mark.usefixtures("db")
def test_by_its_name() -> None:
    made = call("create_workflow_from", {"source": {"name": "x", "text": minimal_source("x"), "format": "yaml"}})
    assert made["ref"] == "default.x"


@pytest.mark.parametrize("name", ["a\x7fb", "\x9bx"])
def test_new_with_a_name_that_no_text_can_hold(smartspec: Callable[..., Said], name: str) -> None:
    said = smartspec("new", name)
    assert said.code == 2 and said.err.startswith("smartspec: ")
    assert smartspec("list", "--json").json() == []
