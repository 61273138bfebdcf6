"""R51: from every state that commands and kills can lead to there is a command that ends it, and a person is told it."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import control, execution_trash, executions, files, runners, settings, starting
from smartspec.domain.engine.states import FINAL
from smartspec.domain.execution import Execution
from smartspec.errors import Conflict
from smartspec.runner import recovery
from smartspec.store import database as rows
from tests.clock import until
from tests.conftest import as_source
from tests.faults.conftest import times_
from tests.faults.test_owner import end, start_runner

HANDLERS = {"exit": {"run": "true"}, "cancel": {"run": "sleep 0.05"}, "failure": {"run": "true"}}
DEFINITIONS: list[dict[str, Any]] = [
    {"name": "leaf", "tasks": {"l": {"run": "sleep 0.05"}, "m": {"manual": "go on?"}}, "handlers": HANDLERS},
    {"name": "plain", "tasks": {"a": {"run": "sleep 0.1"}, "w": {"wait": "200ms"}, "b": {"needs": ["a", "w"], "run": "false"}}},
    {"name": "parent", "uses": ["nas"], "tasks": {"c": {"workflow": "leaf"}, "d": {"needs": ["c"], "workflow": "plain"}},
     "handlers": {"exit": {"run": "true"}}},
    {"name": "alone", "max_running": 1, "tasks": {"m": {"manual": "go on?"}, "r": {
        "needs": ["m"], "run": "false", "retry": {"max": 3, "delay": "100ms"}}}},
]  # fmt: skip
STARTED = ("plain", "parent", "alone", "leaf")
NAMED = re.compile(r"`smartspec ([a-z-]+(?: restore| delete)?) ([0-9a-f-]{18}|[\w.-]+)( --yes)?`")


class History:
    """One random history: what people and accidents do to some executions, one after the other."""

    def __init__(self, chance: random.Random, db: Path) -> None:
        self._chance = chance
        self._db = db
        self._runner: subprocess.Popen[str] | None = None
        self.done: list[str] = []

    def step(self) -> None:
        act = self._chance.choices(
            (self.start, self.ask, self.serve, self.kill, self.answer), weights=(2, 6, 2, 2, 2), k=1
        )[0]
        act()

    def start(self) -> None:
        name = self._chance.choice(STARTED)
        self.done.append(f"start {name}")
        starting.start_execution(name)

    def ask(self) -> None:
        """Something of some execution, a child perhaps; a refusal names what works instead."""
        found = executions.list_executions(limit=100).rows
        if not found:
            return
        execution = self._chance.choice(found)
        verb = self._chance.choice(
            (control.cancel_execution, control.pause_execution, control.resume_execution, control.rerun_failed,
             control.give_up_execution, execution_trash.delete_execution, execution_trash.restore_execution)
        )  # fmt: skip
        self.done.append(f"{verb.__name__} {execution.label} {execution.status}")
        try:
            verb(execution.id)
        except Conflict as error:
            told(error, execution)

    def answer(self) -> None:
        for execution in executions.list_executions(limit=100).rows:
            for row in executions.list_task_executions(execution.id):
                if row.task_type == "manual" and row.status == "running" and execution.status == "running":
                    self.done.append(f"confirm {execution.label}")
                    try:
                        control.confirm_task(execution.id, row.task, reject=self._chance.random() < 0.3)
                    except Conflict:
                        self.done.append("too late")
                    return

    def serve(self) -> None:
        if self._runner is None:
            self.done.append("serve")
            self._runner = start_runner(self._db)

    def kill(self) -> None:
        if self._runner is not None:
            self.done.append("kill")
            end(self._runner)
            self._runner = None
            recovery.mark_interrupted()

    def close(self) -> None:
        self.kill()
        recovery.recover()


def told(error: Conflict, execution: Execution) -> None:
    """Every refusal of something that is not over names a command that is not refused for the same reason."""
    now = executions.get_execution(execution.id)
    if now.status != execution.status or "look at it again" in str(error):
        return  # it has moved on meanwhile
    named = NAMED.search(str(error))
    assert named or now.status in FINAL, f"{execution.label} ({now.status}): {error}"


def unfinished() -> list[tuple[object, ...]]:
    """What must not be: rows of ended executions that have not ended, and children that outlive a cancelled parent."""
    ended = "('completed', 'failed', 'timeout', 'cancelled')"
    return rows.rows(
        "SELECT 'row', t.pk, t.task, t.status FROM task_executions t JOIN executions e ON e.pk = t.execution"
        f" WHERE e.status IN {ended} AND t.status IN ('pending', 'running')"
    ) + rows.rows(
        "SELECT 'child', c.pk, c.status, c.outcome FROM executions c JOIN executions p ON p.pk = c.parent"
        f" WHERE p.status = 'cancelled' AND c.status NOT IN {ended} AND c.outcome IS NULL"
        " AND NOT (c.status = 'running' AND c.requested = 'cancel')"
    )


@pytest.fixture
def ledger(db: Path, tmp_path: Path) -> Iterator[Path]:
    settings.set_setting("runner.at_once", 4)
    for definition in DEFINITIONS:
        files.import_workflows([as_source(definition, tmp_path)])
    yield db


def test_every_history_can_be_brought_to_its_end(ledger: Path, chance: random.Random) -> None:
    for number in range(times_(6, 1_000)):
        settings.set_setting("runner.resume", number % 2 == 0)
        history = History(chance, ledger)
        try:
            for _ in range(chance.randint(4, 16)):
                history.step()
                assert unfinished() == [], history.done
            history.kill()
            history.serve()
            ended_by_people(history)
        finally:
            history.close()
        assert unfinished() == [] and runners.list_runners() == (), history.done
        assert open_ones() == [], history.done


def ended_by_people(history: History) -> None:
    for execution in executions.list_executions(limit=1_000).rows:
        if execution.status not in FINAL:
            try:
                control.cancel_execution(execution.id)
            except Conflict:
                assert executions.get_execution(execution.id).status in FINAL, history.done
    try:
        until(lambda: open_ones() == [])
    except AssertionError as error:
        raise AssertionError(f"{open_ones()} have no end: {history.done}") from error


def open_ones() -> list[str]:
    return [f"{each.label} {each.status} {each.requested} {each.outcome} {each.runner}"
            for each in executions.list_executions(limit=1_000).rows if each.status not in FINAL]  # fmt: skip


def test_negative_control_a_child_that_nobody_claims_is_found(ledger: Path) -> None:
    """As it was: the parent is cancelled, and its child waits for a runner that never takes it."""
    parent = starting.start_execution("parent")
    child = starting.start_execution("leaf")
    with rows.transaction():
        rows.execute("UPDATE executions SET parent = ? WHERE pk = ?", (parent.pk, child.pk))
        rows.execute("UPDATE executions SET status = 'cancelled', completed_at = 1 WHERE pk = ?", (parent.pk,))
    assert unfinished() == [("child", child.pk, "pending", None)]
