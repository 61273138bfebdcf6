"""What the tests share: a real database in a folder of its own, real runs, the real program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from smartspec import languages, messages
from smartspec.commands import database, definitions, execution_logs, executions, files, starting, workflow_sources
from smartspec.domain.execution import Execution, Origin, TaskExecution, Trigger
from smartspec.runner.worker import Worker
from tests.pseudo import Pseudo

ROOT = Path(__file__).resolve().parent.parent
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


for _name in ("SIGINT", "SIGQUIT", "SIGHUP", "SIGTERM"):
    # what is ignored here stays ignored in every child (`nohup … &` from a script), and no shell can trap it there
    if (_number := getattr(signal, _name, None)) is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)


# Files that take longest come first: side by side, the last one to begin is a short one.
SLOWEST = (
    "window/test_newcomer.py", "window/test_real_window.py",
    "faults/test_secrets.py", "faults/test_storage.py", "faults/test_restoring.py", "commands/test_starting.py",
    "cli/test_vanishing.py", "cli/test_terminal.py", "cli/test_escapes.py", "faults/test_power.py",
    "runner/engine/test_environment.py", "runner/engine/test_control.py", "faults/test_journals.py",
    "faults/test_watched.py", "cli/test_record.py", "faults/test_processes.py", "runner/test_keys.py",
    "faults/test_killed_logs.py", "faults/test_kill.py", "sandbox/test_sandbox.py", "commands/test_jobs.py",
    "runner/test_semantics.py", "runner/test_claims.py", "faults/test_owner.py", "domain/definition/test_hostile.py",
    "runner/engine/test_evaluating.py", "faults/test_full_disk.py", "domain/definition/test_limits.py",
    "faults/test_histories.py", "cli/test_nonsense.py", "runner/test_model.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {ROOT / "tests" / name: rank for rank, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """What a command writes for the rest of its process (`screenshot`: how Qt draws) ends with the test.

    Only that is written back: no thread may read the environment of a process while it is written (getenv(3)).
    """
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in before.items() if os.environ.get(name) != value})


@pytest.fixture(autouse=True)
def home(environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home: nothing is read from or written to the real one, nor told to the session of whoever tests."""
    home = tmp_path / "home"
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'no bus'}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in [name for name in os.environ if name.startswith("SMARTSPEC_") and name != "SMARTSPEC_FAULTS"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SMARTSPEC_HOME", str(home))
    monkeypatch.setenv(languages.VARIABLE, languages.ENGLISH)
    return home


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever language a test spoke, the next one begins in English."""
    yield
    messages.use_catalogue(None)
    languages.use(languages.ENGLISH)


@pytest.fixture
def pseudo() -> None:
    """A language in which every letter of the program's own texts is another one."""
    messages.use_catalogue(Pseudo())


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Path]:
    """An open database; the answer is its file."""
    file = tmp_path / "data" / "smartspec.db"
    database.open_database(file)
    yield file
    database.close_database()


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left: the execution and all its task rows."""

    execution: Execution
    rows: tuple[TaskExecution, ...]

    @property
    def status(self) -> str:
        return self.execution.status.value

    def row(self, task: str, item: int = 0) -> TaskExecution:
        """The last attempt of a task."""
        return [row for row in self.rows if row.task == task and row.item_index == item][-1]

    def attempts(self, task: str, item: int = 0) -> list[str]:
        return [row.status.value for row in self.rows if row.task == task and row.item_index == item]

    def words(self) -> dict[str, str]:
        """The status of each task, with its reason where there is one."""
        return {row.task: " ".join(filter(None, (row.status.value, row.status_reason))) for row in self.rows}

    def outputs(self, task: str, item: int = 0) -> dict[str, Any]:
        """Of the last attempt, which gave an object."""
        found = self.row(task, item).output
        assert isinstance(found, dict)
        return found

    def log(self, task: str, item: int = 0) -> bytes:
        row, data, offset = self.row(task, item), b"", 0
        while (chunk := execution_logs.read_log(row, offset)).data:
            data, offset = data + chunk.data, chunk.next
        return data


def as_source(definition: Mapping[str, Any] | str, folder: Path) -> workflow_sources.Source:
    """A definition as a file would give it; the header is added where it is left out."""
    if isinstance(definition, str):
        return workflow_sources.Source("test.yaml", definition, "yaml", str(folder))
    full = {"smartspec": 1, "name": "test", "concurrency": 4, **definition}
    return workflow_sources.Source(str(full["name"]), json.dumps(full), "json", str(folder))


@pytest.fixture
def store(db: Path, tmp_path: Path) -> Callable[..., files.Imported]:
    """Import a definition."""

    def import_(definition: Mapping[str, Any] | str, **more: Any) -> files.Imported:
        return files.import_workflows([as_source(definition, tmp_path)], **more)[0]

    return import_


@pytest.fixture
def problems(db: Path, tmp_path: Path) -> Callable[..., list[tuple[str, str]]]:
    """The errors of a definition, as (path, sentence)."""

    def check(definition: Mapping[str, Any] | str, severity: str = "error") -> list[tuple[str, str]]:
        source = as_source(definition, tmp_path)
        found = definitions.check_definition([source])[source.name]
        return [(problem.path, problem.sentence) for problem in found if problem.severity == severity]

    return check


def run_on(execution: Execution) -> Ran:
    """Run a pending execution to where it needs no runner any more."""
    runner = Worker("foreground")
    runner.submit(execution.pk)
    runner.run_until(lambda: runner.is_idle)
    runner.pinger.wait()
    return ran(execution)


def ran(execution: Execution) -> Ran:
    return Ran(executions.get_execution(execution.id), executions.list_task_executions(execution.id))


@pytest.fixture
def run(store: Callable[..., files.Imported]) -> Callable[..., Ran]:
    """Import a definition and run it for real."""

    def run_it(definition: Mapping[str, Any] | str, input: Mapping[str, Any] | None = None) -> Ran:
        workflow = store(definition).workflow
        return run_on(starting.start_execution(workflow.id, input, origin=Origin(Trigger.CLI)))

    return run_it


def sandboxes() -> list[psutil.Process]:
    """The evaluating processes of this one that live."""
    return [each for each in psutil.Process().children() if "smartspec.sandbox" in _command_of(each)]


def _command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it ended, or is a zombie that somebody will collect
        return ""


def began(row: Execution | TaskExecution) -> datetime:
    assert row.started_at is not None, f"{row} has not begun"
    return row.started_at


def ended(row: Execution | TaskExecution) -> datetime:
    assert row.completed_at is not None, f"{row} has not ended"
    return row.completed_at


class Shares(list[float]):
    """What a long job told of how far it is."""

    def go_on(self, share: float) -> bool:
        self.append(share)
        return True


class Taken:
    """Keeps the output of a process as it comes."""

    def __init__(self) -> None:
        self.parts: list[tuple[bytes, bool]] = []

    def __call__(self, data: bytes, is_error: bool) -> None:
        self.parts.append((data, is_error))

    def take(self, pipe: int) -> None:
        pass

    def pass_time(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Said:
    """What the program answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


def without_a_screen() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _SCREENS}


@pytest.fixture
def ledger(home: Path) -> Path:
    """The database that the program uses; it is made by its first command."""
    return home / "data" / "smartspec.db"


@pytest.fixture
def smartspec(home: Path, tmp_path: Path) -> Callable[..., Said]:
    """Run the real program in a process of its own, without a screen."""

    def call(*arguments: str, stdin: str | None = None, **environment: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "smartspec", *arguments],
            cwd=tmp_path,
            env={**without_a_screen(), "PYTHONPATH": str(ROOT), **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def no_runner_stays(tmp_path: Path) -> Iterator[None]:
    """A runner stays while it is installed, waits for a person, or shows a message that can be clicked on."""
    yield
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "runner" in words and any(str(tmp_path) in word for word in words):
            with suppress(psutil.Error):
                process.kill()


@pytest.fixture
def terminal(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Said]]:
    """The program's terminal in this process, on the database of an empty home."""
    from smartspec.cli.main import main

    def call(*arguments: str) -> Said:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    yield call
    database.close_database()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a text file."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
