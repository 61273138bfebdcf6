"""Schedules that wait for files: real ones, looked at by a runner whose clock a test moves."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartspec.commands import executions, file_watches, files, schedule_lookup, schedules
from smartspec.commands.file_scans import FileScans
from smartspec.commands.folder_scan import see
from smartspec.commands.schedule_events import what_happened
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import Json, as_mapping
from smartspec.domain.schedule.events import FileEvent, parse_event
from smartspec.domain.schedule.file_watch import MOST_ENTRIES, Looked, Place, Sight, look
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Invalid
from smartspec.runner import clocks
from smartspec.runner.file_watcher import FileWatcher
from smartspec.runner.scheduler import Scheduler
from smartspec.store import database
from tests.conftest import run_on
from tests.runner.machine import Machine

Store = Callable[..., files.Imported]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), monkeypatch)
    monkeypatch.setattr(clocks, "uptime", lambda: machine.read().uptime)
    return machine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture
def job(store: Store) -> str:
    params = {"type": "object", "properties": {"what": {}}}
    return store({"name": "job", "params": params, "tasks": {"a": {"run": "true"}}}).workflow.id


class Runner:
    """One that looks at files and then at what is due."""

    def __init__(self, machine: Machine, *, is_alone: bool = True, scans: FileScans | None = None) -> None:
        self.machine = machine
        self.told = 0
        self.watcher = FileWatcher(self._tell, scans, lambda: is_alone)
        self.scheduler = Scheduler(machine.read)

    def _tell(self) -> None:
        self.told += 1

    def looks(self, times: int = 1, seconds: float = 6) -> None:
        """At every folder, each time after so many seconds."""
        for _time in range(times):
            self.machine.goes_on(seconds=seconds)
            self.watcher.nudge()
            while not self.watcher.turn():
                pass
            self.scheduler.turn()


@pytest.fixture
def runner(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr("smartspec.runner.file_watcher.SHARE", math.inf)  # no rest: each folder has its turn at once
    return Runner(machine)


def on(event: str, name: str = "on", **options: object) -> Schedule:
    given = {"overlap": Overlap.ALLOW, "input": {"what": "{{ event.path }}"}} | options
    return schedules.create_schedule("job", event, trigger_type=TriggerType.EVENT, name=name, **given)  # type: ignore[arg-type]


def started() -> list[Execution]:
    """The oldest first."""
    return [*executions.list_executions(ExecutionFilter(), limit=1_000).rows][::-1]


def whats() -> list[Json]:
    return [as_mapping(each.input).get("what") for each in started()]


def rows(name: str = "on") -> list[tuple[str, int, str]]:
    found = schedule_lookup.list_firings(name, limit=1_000).rows
    return [(each.decision.value, each.count, str(explain(each.firing))) for each in found][::-1]


def test_a_file_that_appears_starts_it_with_its_path(job: str, folder: Path, runner: Runner) -> None:
    (folder / "old.pdf").touch()
    said = "{{ event.name }} in {{ event.folder }}: {{ event.change }}, {{ event.size }} bytes, {{ event.modified_at }}"
    on(f"file appeared {folder}/*.pdf", input={"what": said})
    runner.looks(2)
    (folder / "new.pdf").write_text("paper")
    os.utime(folder / "new.pdf", (1_764_000_000, 1_764_000_000))
    (folder / "new.txt").touch()
    runner.looks(3)
    assert whats() == [f"new.pdf in {folder}: appeared, 5 bytes, 2025-11-24T16:00:00+00:00"]
    assert rows() == [("ran", 1, "on time")]
    assert runner.told == 1


def test_what_comes_after_saving_counts_though_no_runner_was_there(
    job: str, folder: Path, machine: Machine, runner: Runner
) -> None:
    (folder / "before").touch()
    on(f"file appeared {folder}")
    (folder / "after").touch()
    runner.looks(2)
    assert whats() == [str(folder / "after")]


def test_of_two_that_appear_at_once_the_second_waits_unless_told_otherwise(
    job: str, folder: Path, runner: Runner
) -> None:
    schedules.create_schedule(
        "job", f"file appeared {folder}", trigger_type=TriggerType.EVENT, name="on", input={"what": "{{ event.path }}"}
    )
    runner.looks(2)
    for name in ("one", "two"):
        (folder / name).touch()
    runner.looks(3)
    assert [row[0] for row in rows()] == ["ran", "queued"]
    run_on(started()[0])
    runner.looks(2)
    assert {*whats()} == {str(folder / "one"), str(folder / "two")}


def test_what_is_written_in_pieces_starts_it_once(job: str, folder: Path, runner: Runner) -> None:
    on(f"file changed {folder} quiet 30s")
    for size in range(10):
        (folder / "a").write_text("x" * size)
        runner.looks(seconds=10)
    assert whats() == []
    runner.looks(6, seconds=10)
    assert whats() == [str(folder / "a")]


def test_an_editor_that_saves_by_renaming_changes_the_file(job: str, folder: Path, runner: Runner) -> None:
    file, copy = folder / "notes", folder / ".notes.tmp"
    file.write_text("one")
    on(f"file changed {file}")
    on(f"file appeared {folder}", name="appeared")
    runner.looks()
    copy.write_text("two")
    os.utime(copy, ns=(file.stat().st_mtime_ns,) * 2)  # the same size, and the same time of change
    copy.rename(file)
    runner.looks(3)
    assert whats() == [str(file)]
    assert rows("appeared") == []


def test_a_change_of_its_rights_is_no_change_of_a_file(job: str, folder: Path, runner: Runner) -> None:
    file = folder / "notes"
    file.write_text("one")
    on(f"file changed {file}")
    file.chmod(0o600)
    runner.looks(3)
    assert whats() == []


def test_all_together_start_it_once_with_their_names(job: str, folder: Path, runner: Runner) -> None:
    (folder / "gone").touch()
    on(f"file quiet {folder} for 20s recursive", input={"what": "{{ event.count }}: {{ event.files | join(' ') }} in {{ event.path }}"})  # fmt: skip
    runner.looks()
    (folder / "sub").mkdir()
    for name in ("a", "sub/b"):
        (folder / name).touch()
        runner.looks(seconds=15)
    (folder / "gone").unlink()
    runner.looks(4, seconds=15)
    assert whats() == [f"3: a gone sub/b in {folder}"]
    assert what_happened(schedule_lookup.list_firings("on").rows[0]) == "a and 2 more"


@pytest.mark.parametrize(
    ("misfire", "cap", "found", "told"),
    [(Misfire.ONCE, 24, 3, [("caught_up", 1, "it happened while no runner was there")] * 3),
     (Misfire.ALL, 2, 2, [("caught_up", 1, "it happened while no runner was there")] * 2 + [("skipped_missed", 1, "it happened while no runner was there; more were missed than are made up for")]),
     (Misfire.SKIP, 24, 0, [("skipped_missed", 3, "it happened while no runner was there; what was missed is not made up for")])],
)  # fmt: skip
def test_what_changed_while_no_runner_was_there_is_noticed_once(
    misfire: Misfire, cap: int, found: int, told: list[object], job: str, folder: Path, machine: Machine, runner: Runner
) -> None:
    on(f"file changed {folder}", misfire=misfire, catch_up_cap=cap)
    runner.looks()
    machine.goes_on(hours=9)
    for name in "abc":
        for text in ("one", "three"):
            (folder / name).write_text(text)
    another = Runner(machine)
    another.looks(20)
    assert rows() == told
    for _time in range(found):
        for each in started():
            if each.status is E.PENDING:
                run_on(each)
        another.looks()
    assert sorted(map(str, whats())) == [str(folder / name) for name in "abc"[:found]]
    (folder / "live").touch()
    another.looks(3)
    assert rows()[-1] == ("ran", 1, "on time")


def test_two_runners_start_it_once(job: str, folder: Path, machine: Machine, runner: Runner) -> None:
    on(f"file changed {folder}")
    both = [runner, Runner(machine, is_alone=False)]
    for number in range(8):
        (folder / f"{number}").touch()
        for each in both:
            each.looks(seconds=3)
    for each in both:
        each.looks(3)
    assert sorted(map(str, whats())) == [str(folder / f"{number}") for number in range(8)]
    assert rows() == [("ran", 1, "on time")] * 8


def test_two_runners_that_look_at_the_same_moment_write_once(job: str, folder: Path, machine: Machine, runner: Runner) -> None:  # fmt: skip
    """Both have looked before either writes."""
    schedule = on(f"file changed {folder} quiet 0s")
    event = file_watches.file_event(schedule)
    assert event is not None
    watch = file_watches.stored(schedule)
    assert watch is not None
    (folder / "a").touch()
    looked = look(event, Looked(watch.seen), see(event), elapsed_ms=0, now_ns=0)
    assert file_watches.write(schedule, event, watch, looked, machine.now) is not None
    assert file_watches.write(schedule, event, watch, looked, machine.now) is None
    runner.scheduler.turn()
    assert len(started()) == 1


def test_more_than_an_hour_may_have_is_one_row_with_its_count(job: str, folder: Path, runner: Runner) -> None:
    on(f"file appeared {folder} quiet 0s", events_per_hour=3)
    for number in range(250):
        (folder / f"{number:03}").touch()
    runner.looks(4)
    assert [what_happened(each) for each in schedule_lookup.list_firings("on").rows] == ["003 and 246 more", "002", "001", "000"]  # fmt: skip
    assert rows() == [("ran", 1, "on time")] * 3 + [("could_not_start", 247, "it had started 3 within the hour, which is the most")]  # fmt: skip
    runner.machine.goes_on(minutes=61)
    (folder / "later").touch()
    runner.looks(2)
    assert rows()[-1] == ("ran", 1, "on time")


def test_what_one_that_runs_leaves_out_is_counted(job: str, folder: Path, runner: Runner) -> None:
    on(f"file appeared {folder} quiet 0s", overlap=Overlap.SKIP)
    for number in range(20):
        (folder / f"{number:03}").touch()
    runner.looks(2)
    assert rows() == [("ran", 1, "on time"), ("skipped_overlap", 19, "#1 was still active")]
    with database.transaction():  # another runner looks at the same events at the same time
        database.execute("UPDATE metadata SET value = '0' WHERE key = 'schedule_events_seen'")
    Scheduler(runner.machine.read).turn()
    assert rows() == [("ran", 1, "on time"), ("skipped_overlap", 19, "#1 was still active")]


def test_one_that_changes_its_own_file_comes_to_an_end(job: str, folder: Path, runner: Runner) -> None:
    file = folder / "counter"
    file.touch()
    on(f"file changed {file} quiet 0s")
    runner.looks()

    def writes(at: datetime) -> None:
        file.write_text(f"{file.read_text()}x")
        os.utime(file, (at.timestamp(), at.timestamp()))

    writes(runner.machine.now)
    for _time in range(15):
        runner.looks()
        for each in started():
            if each.status is E.PENDING:
                run_on(each)
                writes(each.created_at)
    assert len(started()) == 10
    assert rows()[-1] == (
        "could_not_start",
        1,
        "it had changed 10 times in a row while what its change had started ran",
    )


def test_many_files_that_come_while_one_is_worked_on_are_no_loop(job: str, folder: Path, runner: Runner) -> None:
    """Each comes while the execution of the one before runs."""
    on(f"file appeared {folder} quiet 0s")
    for number in range(30):
        (folder / f"{number:02}").touch()
        at = started()[-1].created_at.timestamp() if number else 1_700_000_000.0
        os.utime(folder / f"{number:02}", (at, at))
        runner.looks()
        run_on(started()[-1])
    assert len(started()) == 30


def test_while_it_is_paused_nothing_is_noticed(job: str, folder: Path, runner: Runner) -> None:
    on(f"file appeared {folder}")
    runner.looks()
    schedules.pause_schedule("on")
    (folder / "meanwhile").touch()
    runner.looks(3)
    schedules.resume_schedule("on")
    runner.looks(3)
    (folder / "later").touch()
    runner.looks(3)
    assert whats() == [str(folder / "later")]


def test_a_change_of_the_rule_begins_anew_and_of_its_name_does_not(job: str, folder: Path, runner: Runner) -> None:
    on(f"file appeared {folder}")
    (folder / "a").touch()
    schedules.update_schedule("on", name="in")
    runner.looks(3)
    assert whats() == [str(folder / "a")]
    (folder / "b").touch()
    schedules.update_schedule("in", f"file changed {folder}")
    runner.looks(3)
    assert len(started()) == 1


def test_before_its_start_and_after_its_end_nothing_starts(job: str, folder: Path, runner: Runner) -> None:
    begin = runner.machine.now.replace(hour=10)
    on(f"file appeared {folder} quiet 0s", start_at=begin, end_at=begin.replace(hour=12))
    for name, hour in (("early", 9), ("now", 11), ("late", 13)):
        runner.machine.goes_on(seconds=(begin.replace(hour=hour) - runner.machine.now).total_seconds())
        (folder / name).touch()
        runner.looks(2)
    assert whats() == [str(folder / "now")]


# What cannot be seen


def problem() -> str:
    return str(file_watches.problem(schedule_lookup.get_schedule("on")))


def test_a_folder_that_goes_and_comes_back_is_said(job: str, folder: Path, runner: Runner) -> None:
    on(f"file appeared {folder} named *")
    folder.rmdir()
    runner.looks(2)
    assert problem() == f"{folder} is not there."
    folder.mkdir()
    (folder / "a").touch()
    runner.looks(3)
    assert (problem(), whats()) == ("None", [str(folder / "a")])


@pytest.mark.parametrize(
    ("sight", "said"),
    [(Sight(problem="denied"), "{folder} cannot be read: permission denied."), (Sight(problem="many"), "{folder} has more than 10,000 entries, so nothing in it is watched: name a folder in it."),
     (Sight(problem="error: Stale file handle"), "{folder} cannot be read: Stale file handle."), (Sight(Place.FOLDER, {}, 1, unread=("sub/",)), "sub/ in {folder} cannot be read: permission denied.")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_loses_nothing(
    sight: Sight, said: str, job: str, folder: Path, machine: Machine, runner: Runner
) -> None:
    on(f"file appeared {folder}")
    (folder / "a").touch()
    seen = iter([sight] * 2)
    runner = Runner(machine, scans=FileScans(lambda event, _last: next(seen, None) or see(event)))
    runner.looks(2)
    assert problem() == said.format(folder=folder)
    runner.looks(3)
    assert (problem(), whats()) == ("None", [str(folder / "a")])


def test_a_disk_that_does_not_answer_keeps_nobody(job: str, folder: Path, machine: Machine, runner: Runner) -> None:
    on(f"file appeared {folder}")
    answers = threading.Event()
    looks: list[FileEvent] = []

    def hangs(event: FileEvent, _last: Sight | None) -> Sight:
        looks.append(event)
        assert answers.wait(10)
        return see(event)

    runner = Runner(machine, scans=FileScans(hangs, patience_s=0.01))
    runner.looks(3)
    assert (len(looks), problem()) == (1, f"{folder} does not answer; it is looked at again when it does.")
    answers.set()
    (folder / "a").touch()
    while problem() != "None":
        runner.looks()
    runner.looks(3)
    assert whats() == [str(folder / "a")]


def test_one_that_is_stopped_waits_for_no_disk(job: str, folder: Path, machine: Machine) -> None:
    on(f"file appeared {folder}")
    asked, answers = threading.Event(), threading.Event()

    def hangs(event: FileEvent, _last: Sight | None) -> Sight:
        asked.set()
        assert answers.wait(60)
        return see(event)

    watcher = FileWatcher(lambda: None, FileScans(hangs, patience_s=60))
    watcher.start()
    assert asked.wait(60)
    watcher.stop()
    answers.set()


def test_a_clock_that_is_set_back_loses_nothing(job: str, folder: Path, runner: Runner) -> None:
    on(f"file appeared {folder}")
    runner.machine.is_set(runner.machine.now.replace(year=2020))
    (folder / "a").touch()
    runner.looks(3)
    assert whats() == [str(folder / "a")]


def test_what_the_program_itself_writes_is_not_waited_for(job: str, db: Path) -> None:
    for event in (f"file changed '{db.parent}'", f"file quiet '{db.parent.parent}' recursive"):
        with pytest.raises(Invalid, match="SmartSpec itself writes"):
            on(event)


def event_of(expression: str) -> FileEvent:
    event = parse_event(expression)
    assert isinstance(event, FileEvent)
    return event


def test_links_are_followed_to_files_and_go_round_in_no_circle(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a").write_text("abc")
    (folder / "sub" / "round").symlink_to(folder)
    (folder / "self").symlink_to("self")
    (folder / "nowhere").symlink_to("missing")
    (folder / "link").symlink_to("sub/a")
    os.mkfifo(folder / "pipe")
    sight = see(event_of(f"file changed {folder} recursive"))
    assert {name: each.size for name, each in sight.files.items()} == {"link": 3, os.path.join("sub", "a"): 3}  # noqa: PTH118
    assert see(event_of(f"file changed {folder}/self")).problem.startswith("error: ")
    assert see(event_of(f"file changed {folder}/link named *")).problem == "no_folder"
    assert [*see(event_of(f"file changed {folder}")).files] == ["link"]


def test_where_only_names_count_a_folder_is_asked_whether_any_has_come_or_gone(folder: Path) -> None:
    event, old = event_of(f"file appeared {folder}"), 1_700_000_000
    (folder / "a").touch()
    os.utime(folder, (old, old))
    first = see(event)
    assert see(event, first) is first
    assert see(event_of(f"file changed {folder}"), first) is not first
    assert see(event_of(f"file appeared {folder} recursive"), first) is not first
    (folder / "b").touch()
    second = see(event, first)
    assert [*second.files] != [*first.files] and second.names is None, "one more may come in the same moment"
    assert see(event, second) is not second
    os.utime(folder, (old, old))
    (folder / "a").unlink()
    assert [*see(event, see(event)).files] == ["b"]


def test_more_entries_than_one_look_takes_are_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.commands.folder_scan.MOST_ENTRIES", 5)
    for number in range(6):
        assert see(event_of(f"file changed {folder} named *.pdf")).problem == ""
        (folder / f"{number}").touch()
    assert see(event_of(f"file changed {folder} named *.pdf")).problem == "many"
    assert MOST_ENTRIES == 10_000


@contextmanager
def denied(folder: Path) -> Iterator[None]:
    """It may not be read; nothing is denied to root, so root is nobody inside."""
    user = os.geteuid()
    folder.chmod(0)
    try:
        if user == 0:
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o700)


def test_a_folder_that_may_not_be_read() -> None:
    with TemporaryDirectory() as name:  # a folder of pytest's own may be read by nobody else
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "sub").mkdir()
        (folder / "a").touch()
        with denied(folder / "sub"):
            sight = see(event_of(f"file changed {folder} recursive"))
            assert ([*sight.files], sight.unread, sight.problem) == (["a"], ("sub/",), "")
            assert see(event_of(f"file changed {folder}/sub")).problem == "denied"
            assert see(event_of(f"file changed {folder}/sub/a")).problem == "denied"
            assert see(event_of(f"file changed {folder}/sub recursive")).problem == "denied"


def test_a_name_that_is_no_text_starts_it_unless_its_path_is_wanted(job: str, folder: Path, runner: Runner) -> None:
    on(f"file appeared {folder}")
    on(f"file appeared {folder}", name="other", input={"what": "{{ event.shown }}"})
    (folder / os.fsdecode(b"\xff.pdf")).touch()
    runner.looks(3)
    assert [each[0] for each in rows("other")] == ["ran"]
    assert whats()[-1] == f"{folder}/\\xff.pdf"
    assert [each[0] for each in rows()] == ["could_not_start"] and "is not UTF-8" in rows()[0][2]
    runner.looks(3)
    assert len(rows()) == len(rows("other")) == 1, "it is remembered by its bytes"


def test_what_is_no_number_of_an_hour_is_refused(job: str, folder: Path) -> None:
    with pytest.raises(Invalid, match="from 1 to 10,000"):
        on(f"file changed {folder}", events_per_hour=0)


# Any history of real files


NAMES = ("a", "b", "sub/a", "sub/.hidden")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), st.integers(0, 2)),
        st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just(0)),
        st.tuples(st.just("link"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        st.tuples(st.just("rights"), st.sampled_from(NAMES), st.just(0)),
    ),
    max_size=4,
)


class Files:
    """Real ones, and a plain model of them: what each name holds, as a number that no two writes share."""

    def __init__(self, root: Path) -> None:
        self.root, self.model, self._writes = root, dict[str, int](), 0
        (root / "sub").mkdir()

    def do(self, what: str, name: str, more: int | str) -> None:
        path = self.root / name
        if what == "write":
            self._writes += 1
            path.write_text("x" * int(more))
            os.utime(path, (self._writes, self._writes))
            for each in [each for each, held in self.model.items() if held == self.model.get(name)]:
                self.model[each] = self._writes  # links of one another are one file
            self.model[name] = self._writes
        elif name in self.model and what == "rename":
            path.rename(self.root / str(more))
            if (self.root / str(more)).exists() and not path.exists():
                self.model[str(more)] = self.model.pop(name)
        elif name in self.model and what == "delete":
            path.unlink()
            del self.model[name]
        elif name in self.model and what == "link" and more not in self.model:
            (self.root / str(more)).hardlink_to(path)
            self.model[str(more)] = self.model[name]
        elif name in self.model and what == "rights":
            path.chmod(0o600)

    @property
    def seen(self) -> dict[str, int]:
        return {name: held for name, held in self.model.items() if ".hidden" not in name}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=6), st.sampled_from(["appeared", "changed", "quiet"]))
def test_any_history_of_files_is_told_as_a_plain_model_has_it(
    history: list[list[tuple[str, str, int | str]]], change: str
) -> None:
    with TemporaryDirectory() as name:
        files = Files(Path(name))
        event = event_of(f"file {change} {name} recursive {'for 1ms' if change == 'quiet' else 'quiet 0s'}")
        looked, told = look(event, Looked(None), see(event), elapsed_ms=0, now_ns=LATER), dict[str, int]()
        for each in history:
            for step in each:
                files.do(*step)
            happened: set[str] = set()
            for _time in range(2):
                looked = look(event, looked, see(event), elapsed_ms=1, now_ns=LATER)
                happened |= {each.name for each in looked.happenings}
                happened |= {name for each in looked.happenings for name in each.names}
            new = {name for name in files.seen if name not in told}
            other = {name for name in files.seen if name in told and told[name] != files.seen[name]}
            gone = {name for name in told if name not in files.seen}
            wanted = {"appeared": new, "changed": new | other, "quiet": new | other | gone}[change]
            assert happened - {""} == wanted
            told = files.seen


LATER = 4_000_000_000_000_000_000


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a disk")
def test_a_disk_that_is_unmounted_and_back_has_lost_nothing(job: str, tmp_path: Path, runner: Runner) -> None:
    kept, disk = tmp_path / "kept", tmp_path / "disk"
    with ExitStack() as mounted:

        def mount(*what: str | Path) -> None:
            if subprocess.run(["mount", *map(str, what)], capture_output=True, check=False).returncode:
                pytest.skip("nothing can be mounted here")
            mounted.callback(subprocess.run, ["umount", str(what[-1])], capture_output=True, check=False)

        for each in (kept, disk):
            each.mkdir()
        mount("-t", "tmpfs", "tmpfs", kept)
        mount("--bind", kept, disk)
        (disk / "a").touch()
        on(f"file appeared {disk} named *")
        runner.looks(2)
        subprocess.run(["umount", str(disk)], check=True)
        runner.looks(2)
        assert problem().startswith(f"The disk or share of {disk} is not mounted")
        (kept / "b").touch()
        mount("--bind", kept, disk)
        runner.looks(3)
        assert (problem(), whats()) == ("None", [str(disk / "b")])
