"""Events: every transition writes exactly one, and other processes hear of it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from smartspec.changes import Topic
from smartspec.commands import executions, workflows
from smartspec.store import database, events
from tests.conftest import ROOT, Ran


def test_every_transition_has_exactly_one_event(run: Callable[..., Ran]) -> None:
    done = run({
        "tasks": {"a": {"run": "exit 1", "retry": {"max": 1, "delay": 0}}, "b": {"needs": ["a"], "run": "true"}, "c": {"run": "true"},
                  "g": {"parallel": {"h": {"run": "true"}}}},
        "handlers": {"exit": {"run": "true"}},
    })  # fmt: skip
    counted = Counter(event.type.value for event in executions.list_events(done.execution.id).rows)
    assert counted == {
        "execution_created": 1, "execution_started": 1, "execution_decided": 1, "execution_failed": 1, "task_started": 6,
        "task_failed": 2, "task_retrying": 1, "task_skipped": 1, "task_completed": 4,
    }  # fmt: skip


def test_what_another_process_wrote_becomes_changes_here(db: Path) -> None:
    seen, version = events.newest(), database.data_version()
    workflows.create_workflow("mine")
    seen, heard = events.foreign_changes(seen)
    assert heard == []
    script = (
        "import sys\nfrom pathlib import Path\nfrom smartspec.commands import database, workflows, settings\n"
        "database.open_database(Path(sys.argv[1]))\nworkflows.create_workflow('theirs')\nsettings.set_setting('runner.at_once', 3)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(db)], cwd=ROOT, check=True)
    assert database.data_version() != version
    _, heard = events.foreign_changes(seen)
    theirs = workflows.get_workflow("theirs")
    assert {(change.topic, change.ids) for change in heard} == {
        (Topic.WORKFLOWS, frozenset({theirs.pk})), (Topic.SETTINGS, frozenset({0})),
    }  # fmt: skip


def test_events_come_in_pages(run: Callable[..., Ran]) -> None:
    done = run({"tasks": {"a": {"with_items": list(range(10)), "run": "true"}}})
    first = executions.list_events(done.execution.id, limit=7)
    rest = executions.list_events(done.execution.id, after=first.next, limit=1000)
    everything = executions.list_events(done.execution.id, limit=1000)
    assert first.next is not None and rest.next is None
    assert first.rows + rest.rows == everything.rows
