"""R2, R3: power cuts and failing disks, simulated under the real commands. Each harness has a control that must fail."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw
import pytest

from smartspec import errors
from smartspec.commands import (
    configs,
    execution_trash,
    executions,
    files,
    process_identity,
    recording,
    runners,
    runs,
    settings,
    starting,
    versions,
    workflow_sources,
    workflows,
    working_copies,
)
from smartspec.commands import database as verbs
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import (
    AttemptResult,
    EndAttempt,
    FinishExecution,
    Outcome,
    StartAttempt,
    TaskRow,
    TransitionBatch,
)
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.store import database
from tests.clock import FULL
from tests.faults.conftest import times_
from tests.faults.disk import Disk, PowerCut, drop_connection, mounted

Facts = dict[str, Any]  # a query by what it must answer
COUNTS = dict.fromkeys(("completed", "failed", "tolerated", "skipped", "cancelled"), 0)


def script(chance: random.Random, facts: Facts) -> Iterator[Callable[[], None]]:
    """Commands as people and runners give them, for ever. What is acknowledged becomes a fact.

    What a command is about to change is no fact while it works: a change may be kept and not acknowledged any more.
    """
    stem = f"w{chance.getrandbits(40):x}"
    made: list[str] = []

    def ask(sql: str, value: object, *answer: object) -> None:
        facts[sql.replace("?", repr(value))] = answer

    def forget(part: str, value: object) -> None:
        for sql in [sql for sql in facts if part in sql and repr(value) in sql]:
            del facts[sql]

    def create() -> None:
        text = f"smartspec: 1\nname: {stem}-{len(made)}\nconfig: {{n: {{type: number, default: 1}}}}\ntasks: {{a: {{run: 'true'}}}}\n"
        workflow = files.import_workflows([workflow_sources.Source("x", text, "yaml", "/")])[0].workflow
        made.append(workflow.id)
        ask("SELECT ref FROM workflows WHERE id = ?", workflow.id, workflow.ref)

    def report() -> None:
        begun = recording.begin_execution(chance.choice(made))
        ask("SELECT number FROM executions WHERE id = ?", begun.id, begun.number)
        recording.end_execution(begun.id, Report(ExecutionStatus.COMPLETED, {"rows": chance.randrange(99)}))
        ask("SELECT status FROM executions WHERE id = ?", begun.id, "completed")

    def run() -> None:
        execution = starting.start_execution(chance.choice(made))
        ask("SELECT 1 FROM executions WHERE id = ?", execution.id, 1)
        runner = runners.register_runner(process_identity.this_process("background"))
        assert runners.claim_execution(runner, execution.pk).execution == execution.pk
        row = TaskRow(task="a", task_type="executor", position=0, round=1, attempt=1)
        (pk,), _ = runs.record_transitions(
            TransitionBatch(execution.pk, runner, 1, dict(COUNTS), [StartAttempt(row, {"x": "y" * 400})])
        )
        ask(
            "SELECT t.pk FROM task_executions t JOIN executions e ON e.pk = t.execution WHERE e.id = ?",
            execution.id,
            pk,
        )
        result = AttemptResult(status=TaskStatus.COMPLETED, exit_code=0, excerpt="words " * 20)
        ended = EndAttempt(pk, "a", result)
        finished = FinishExecution(Outcome(ExecutionStatus.COMPLETED, None, None, {"a": 1}))
        runs.record_transitions(TransitionBatch(execution.pk, runner, 5, {**COUNTS, "completed": 1}, [ended, finished]))
        ask("SELECT status FROM executions WHERE id = ?", execution.id, "completed")
        runners.unregister_runner(runner)

    def edit() -> None:
        which, value = chance.choice(made), chance.randrange(1000)
        forget("configs", which)
        configs.set_config(which, "n", value)
        ask("SELECT value FROM configs c JOIN workflows w ON w.pk = c.workflow WHERE w.id = ?", which, str(value))

    def change() -> None:
        which = chance.choice(made)
        version = versions.latest_version(which)
        text = version.source.rstrip() + f"\n# {chance.random()}\n"
        forget("max(number)", which)
        working_copies.save_version(which, text)
        ask(
            "SELECT max(number) FROM workflow_versions v JOIN workflows w ON w.pk = v.workflow WHERE w.id = ?",
            which,
            version.number + 1,
        )

    def note() -> None:
        newest = executions.list_executions(limit=1).rows
        if newest:
            forget("SELECT note", newest[0].id)
            executions.note_execution(newest[0].id, text := f"note {chance.random()}")
            ask("SELECT note FROM executions WHERE id = ?", newest[0].id, text)

    def delete() -> None:
        found = executions.list_executions(ExecutionFilter(status=FINAL), limit=20).rows
        if found:
            which = chance.choice(found)
            execution_trash.delete_execution(which.id)
            ask("SELECT deleted_at IS NOT NULL FROM executions WHERE id = ?", which.id, 1)
            if chance.random() < 0.5:
                forget("executions", which.id)
                execution_trash.purge_execution(which.id)
                ask("SELECT count(*) FROM executions WHERE id = ?", which.id, 0)

    yield create
    while True:
        yield chance.choice([create, report, report, run, run, edit, change, note, delete])


def untrue(file: Path, facts: Facts) -> list[str]:
    """The facts that do not hold in a file, or what is wrong with it as a whole (first)."""
    connection = sqlite3.connect(file)
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"] or connection.execute("PRAGMA foreign_key_check").fetchone():
            return [f"corrupt: {found}"]
        return [sql for sql, answer in facts.items() if connection.execute(sql).fetchone() != answer]
    except sqlite3.DatabaseError as error:
        return [f"corrupt: {error}"]
    finally:
        connection.close()


def cut_power(disk: Disk, file: Path, chance: random.Random, facts: Facts, keeps: float | None = None) -> None:
    """Work until the power goes, at a write or sync drawn at random."""
    left = chance.randrange(1, 220)

    def fault(kind: str) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise PowerCut

    commands = script(chance, facts)
    try:
        verbs.open_database(file)
        disk.fault = fault
        while True:
            next(commands)()
    except PowerCut:
        pass
    finally:
        disk.fault = lambda kind: None
        held = {path: (bytearray(each.durable), list(each.pending)) for path, each in disk.files.items()}
        drop_connection()  # whatever closing would write does not count
        for path, (durable, pending) in held.items():
            each = disk.files.setdefault(path, type(disk.files[next(iter(disk.files))])())
            each.durable, each.pending = durable, pending
    disk.lose_power(chance, keeps)


def test_power_cuts_lose_nothing_acknowledged(tmp_path: Path, chance: random.Random) -> None:
    """R2. State accumulates: each cycle goes on with what the cut before it left."""
    file = tmp_path / "x.db"
    facts: Facts = {}
    cuts = times_(120, 500)
    with mounted("power", wal_autocheckpoint="40") as disk:
        verbs.open_database(file)
        settings.set_setting("runner.at_once", 1_000)  # executions that a cut left running hold up no other
        database.close_connection()
        for number in range(cuts):
            cut_power(disk, file, chance, facts)
            assert untrue(disk.write_out(tmp_path, f"cut{number}"), facts) == [], f"cut {number}"
            for each in tmp_path.glob(f"cut{number}.db*"):
                each.unlink()
    print(f"{cuts} power cuts, {len(facts)} facts acknowledged at the end, 0 lost, 0 corrupt")


@pytest.mark.parametrize(("synchronous", "what"), [("OFF", "corrupt"), ("NORMAL", "lost")])
def test_negative_control_with_less_syncing_the_harness_finds_the_loss(
    tmp_path: Path, chance: random.Random, synchronous: str, what: str
) -> None:
    found = {"corrupt": 0, "lost": 0}
    cuts = times_(50, 100)
    for number in range(cuts):
        facts: Facts = {}
        with mounted(f"control{number}", synchronous=synchronous, wal_autocheckpoint="40") as disk:
            file = tmp_path / "x.db"
            verbs.open_database(file)
            database.close_connection()
            for each in disk.files.values():
                each.sync()
            cut_power(disk, file, chance, facts, keeps=0.5)
            wrong = untrue(disk.write_out(tmp_path, f"control{number}"), facts)
            if wrong:
                found["corrupt" if wrong[0].startswith("corrupt") else "lost"] += 1
    print(f"synchronous={synchronous}: {found} of {cuts}")
    assert found[what] > cuts * (0.1 if what == "corrupt" else 0.2)
    assert what == "corrupt" or found["corrupt"] == 0


# R3: each write and each sync fails, once and for ever


def failing(disk: Disk, kind: str, at: int, *, for_ever: bool) -> None:
    """Let the n-th write or sync from now on fail: as a full disk, or as a broken one."""
    left = at

    def fault(what: str) -> None:
        nonlocal left
        if what == kind:
            left -= 1
            if left == 0 or (for_ever and left < 0):
                raise apsw.FullError if kind == "write" and at % 2 else apsw.IOError

    disk.fault = fault


def work_through(commands: Iterator[Callable[[], None]], count: int) -> int:
    """Give some commands; every failure is a typed one. The answer is how many failed."""
    failed = 0
    for _ in range(count):
        try:
            next(commands)()
        except errors.StorageError as error:
            failed += 1
            assert str(error).endswith((".", "!")), error
            assert not database.in_transaction()
    return failed


LENGTH = 25


def swept(name: str, tmp_path: Path, kind: str, at: int, *, for_ever: bool) -> int:
    """One point of the sweep; the answer is how many commands failed."""
    facts: Facts = {}
    with mounted(name, wal_autocheckpoint="40") as disk:
        file = tmp_path / "x.db"
        verbs.open_database(file)
        settings.set_setting("runner.at_once", 1_000)
        commands = script(random.Random(5), facts)
        next(commands)()
        failing(disk, kind, at, for_ever=for_ever)
        failed = work_through(commands, LENGTH)
        disk.fault = lambda kind: None
        assert work_through(commands, 6) == 0, "the next command works once the fault is gone, without a restart"
        database.close_connection()
        wrong = untrue(disk.write_out(tmp_path, name), facts)
        assert wrong == [], (kind, at, for_ever, wrong)
    for each in tmp_path.glob(f"{name}.db*"):
        each.unlink()
    return failed


def points(tmp_path: Path, kind: str, few: int) -> list[int]:
    """Which writes or syncs are to fail: all of those of a run without faults, or some drawn at random."""
    with mounted("count", wal_autocheckpoint="40") as disk:
        verbs.open_database(tmp_path / "x.db")
        settings.set_setting("runner.at_once", 1_000)
        commands = script(random.Random(5), {})
        next(commands)()
        before = (disk.writes, disk.syncs)
        work_through(commands, LENGTH)
        total = disk.writes - before[0] if kind == "write" else disk.syncs - before[1]
        database.close_connection()
    every = list(range(1, total + 1))
    return every if FULL else sorted(random.Random(total).sample(every, min(few, total)))


@pytest.mark.parametrize("kind", ["write", "sync"])
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_a_write_or_sync_that_fails_is_told_and_loses_nothing(tmp_path: Path, kind: str, for_ever: bool) -> None:
    """R3."""
    chosen = points(tmp_path, kind, few=25)
    failed = [swept(f"sweep{at}", tmp_path, kind, at, for_ever=for_ever) for at in chosen]
    print(f"{len(chosen)} {kind}s failed {'for ever' if for_ever else 'once'}: {sum(failed)} commands told so, 0 lost")
    assert all(failed) or not for_ever


def test_negative_control_a_store_that_swallows_errors_is_found_out(tmp_path: Path) -> None:
    """The same sweep over commands that go on after a failed write as if it had been kept."""
    facts: Facts = {}
    with mounted("swallow") as disk:
        verbs.open_database(tmp_path / "x.db")
        workflow = workflows.create_workflow("w")
        failing(disk, "write", 1, for_ever=True)
        with suppress(errors.StorageError):
            configs.set_config(workflow.id, "n", 5)
        facts["SELECT value FROM configs"] = ("5",)
        disk.fault = lambda kind: None
        database.close_connection()
        assert untrue(disk.write_out(tmp_path, "swallow"), facts)
