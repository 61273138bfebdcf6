"""What must not harm the window: second starts, kills, floods, strange bytes, markup, errors in its own code."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from smartspec.commands import database, executions, files, recording, starting, workflow_sources, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.gui.shell.instance import Instance, hand_over
from smartspec.gui.shell.report_dialog import ReportDialog
from smartspec.runner import recovery
from tests.benchmarks.window import SPIED, environment
from tests.clock import judge, measured, until
from tests.conftest import ROOT, run_on
from tests.faults.conftest import LARGE
from tests.gui.conftest import CHAIN, Desktop, qapp  # noqa: F401 - a fixture

FULL = os.environ.get("SMARTSPEC_FAULTS") == "full"


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:  # noqa: F811
    made = Desktop(tmp_path / "data" / "smartspec.db")
    yield made
    made.close()
    database.close_database()


@pytest.fixture
def ran(desktop: Desktop) -> Callable[..., Execution]:
    def run(text: str) -> Execution:
        source = workflow_sources.Source("x.yaml", text, "yaml", str(desktop.file.parent))
        id_ = files.import_workflows([source])[0].workflow.id
        return run_on(starting.start_execution(id_, origin=Origin(Trigger.CLI))).execution

    return run


def start(file: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The real program, with a window on a screen that nobody sees."""
    return subprocess.Popen(
        [sys.executable, "-m", "smartspec", "--db", str(file), "open", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


# R14: one window


def test_a_second_start_raises_the_first_and_leaves(tmp_path: Path) -> None:
    file = tmp_path / "smartspec.db"
    first = start(file)
    try:
        until(lambda: hand_over(file, ""))
        with measured("a second start leaves", 5):
            assert start(file).wait(60) == 0
        assert first.poll() is None
    finally:
        first.kill()
        first.wait()


def test_after_a_kill_the_next_start_works_without_a_question(tmp_path: Path) -> None:
    file = tmp_path / "smartspec.db"
    for _ in range(3):
        process = start(file)
        until(lambda: hand_over(file, ""))
        process.kill()
        process.wait()
        assert not hand_over(file, "")
    last = start(file)
    try:
        until(lambda: hand_over(file, ""))
    finally:
        last.terminate()
        assert last.wait(20) == 0  # asked politely it closes


def test_other_databases_have_windows_of_their_own(qapp: QApplication, tmp_path: Path) -> None:  # noqa: F811
    instance = Instance(tmp_path / "one.db")
    try:
        assert not hand_over(tmp_path / "two.db", "")
    finally:
        instance.close()


# R20: the window killed while it runs something


def test_what_runs_goes_on_when_the_window_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "data" / "smartspec.db"
    database.open_database(file)
    text = "smartspec: 1\nname: five\nconcurrency: 5\ntasks:\n" + "".join(
        f"  t{n}: {{run: 'for i in $(seq 1 40); do echo line $i of {n}; sleep 0.05; done; exit {n}', "
        "continue_on_error: true}\n"
        for n in range(5)
    )
    files.import_workflows([workflow_sources.Source("x", text, "yaml", str(tmp_path))])
    script = f"""
import sys
from pathlib import Path
from smartspec.gui.app import FEATURES, Program, application
from smartspec.gui import screenshots
from smartspec.gui.core.navigation import Location
app = application()
program = Program(Path({str(file)!r}), FEATURES)
program.open()
screenshots.settle(program)
program.window.context.actions.do("run")
app.exec()
"""
    window = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )

    def five_run() -> bool:
        found = executions.list_executions().rows
        rows = executions.list_task_executions(found[0].id) if found else ()
        return sum(row.status == "running" for row in rows) == 5

    until(five_run)
    window.kill()
    window.wait()
    until(lambda: executions.list_executions().rows[0].status == "completed", 30)
    rows = executions.list_task_executions(executions.list_executions().rows[0].id)
    for number, row in enumerate(sorted(rows, key=lambda each: each.task)):
        assert row.exit_code == number
        expected = b"".join(b"line %d of %d\n" % (line, number) for line in range(1, 41))
        assert row.log_sha256 == hashlib.sha256(expected).hexdigest()
    recovery.recover()
    database.close_database()


# R22 and R25: what programs write


def test_a_flood_of_output_keeps_the_window_alive(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    lines = 8_000_000 if FULL else 400_000
    execution = ran(f"smartspec: 1\nname: flood\ntasks:\n  a: {{run: 'yes some words of output | head -n {lines}'}}\n")
    desktop.go("execution", execution.id, "data")
    frames = Frames()
    desktop.go("execution", execution.id, "log")
    log = desktop.execution.tabs.content("log").log
    desktop.wait(lambda: log.view.count >= lines * 0.3 and not log.reading._reading, 120)
    log.view.verticalScrollBar().setValue(log.view.verticalScrollBar().maximum() // 2)
    desktop.wait(lambda: log.view.line(log.view.verticalScrollBar().value()) is not None)
    log.search.setText("not there")
    desktop.settle()
    judge("p95 of frames", frames.p95(), 0.05)
    assert len(log.view._lines) < 10_000


class Frames(QObject):
    """How long the event loop was held: the gaps between ticks that are due each 5 ms."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()
        self.gaps: list[float] = []
        timer = QTimer(self, interval=5)
        timer.timeout.connect(self._tick)
        timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def p95(self) -> float:
        return sorted(self.gaps)[int(len(self.gaps) * 0.95)]


STRANGE = {
    "invalid UTF-8": b"\xff\xfe\xfa ok\n",
    "GBK": "备份失败\n".encode("gbk"),
    "UTF-16": "wide\n".encode("utf-16"),
    "NUL": b"a\0b\n",
    "ANSI": b"\x1b[31mred\x1b[0m \x1b[2J\x1b[H\n",
    "progress": b"10 %\r50 %\r100 %\n",
    "links": b"\x1b]8;;http://example\x1b\\text\x1b]8;;\x1b\\\n",
    "bell and title": b"\x07\x1b]0;title\x07done\n",
    "random": hashlib.sha256(b"x").digest() * (32_768 if FULL else 2_048),
    "markup": b"<img src=x onerror=1> <a href='file:///etc/passwd'>here</a>\n",
}


@pytest.mark.parametrize("name", STRANGE)
def test_any_bytes_are_kept_and_shown(desktop: Desktop, ran: Callable[..., Execution], name: str) -> None:
    data = STRANGE[name]
    source = desktop.file.parent / "bytes"
    source.write_bytes(data)
    execution = ran("smartspec: 1\nname: strange\ntasks:\n  a: {run: cat bytes}\n")
    row = executions.list_task_executions(execution.id)[0]
    assert row.log_sha256 == hashlib.sha256(data).hexdigest()
    desktop.go("execution", execution.id, "log")
    log = desktop.execution.tabs.content("log").log
    desktop.wait(lambda: log.view.line(0) is not None)
    log.grab()
    shown = [log.view.line(number) for number in range(min(50, log.view.count))]
    assert all("\x1b" not in (line or "") and "\0" not in (line or "") for line in shown)
    if name == "markup":
        assert shown[0] == data.decode().rstrip("\n")


# R44: names and errors are text


MARKUP = "<img src=x><b>bold</b> & <a href='file:///etc/passwd'>x</a>"


def test_markup_is_text_everywhere(desktop: Desktop) -> None:
    made = workflows.create_workflow(MARKUP, description=MARKUP)
    execution = recording.begin_execution(made.id)
    recording.end_execution(execution.id, Report(ExecutionStatus.FAILED, error=MARKUP))
    executions.note_execution(execution.id, MARKUP)
    desktop.settle()
    desktop.go("workflows", made.id)
    assert desktop.workflows.header.title.full_text == MARKUP
    desktop.go("execution", execution.id)
    desktop.go("history")
    from PySide6.QtCore import Qt

    rich = [
        each.text() for each in desktop.window.findChildren(QLabel)
        if each.textFormat() != Qt.TextFormat.PlainText and Qt.TextFormat.PlainText and "<" in each.text()
    ]  # fmt: skip
    assert rich == []
    desktop.history.view.selectAll()
    desktop.history.view.copy("text")
    assert MARKUP in QApplication.clipboard().text()
    control = QLabel(MARKUP)
    assert control.textFormat() == Qt.TextFormat.AutoText  # what this looks for can be there


# R46: errors in its own code


def test_twenty_bugs_make_one_report_and_the_window_goes_on(desktop: Desktop) -> None:
    def bug() -> None:
        raise RuntimeError("injected")

    for number in range(10):
        QTimer.singleShot(number, bug)
    for _ in range(5):
        desktop.program.background.run(desktop.window, bug)
    threads = [threading.Thread(target=bug) for _ in range(5)]
    for thread in threads:
        thread.start()
        thread.join()
    caught: list[Any] = []
    before, sys.excepthook = sys.excepthook, desktop.program.crash_reporter.take
    try:
        desktop.settle(0.2)
    finally:
        sys.excepthook = before
    caught += [each for each in QApplication.topLevelWidgets() if isinstance(each, ReportDialog) and each.isVisible()]
    assert desktop.program.crash_reporter.dialogs == 1
    assert len(caught) == 1
    assert not caught[0].isModal()
    report = desktop.program.crash_reporter.reports[0].read_text(encoding="utf-8")
    assert "injected" in report
    assert "SmartSpec" in report
    desktop.go("history")
    assert desktop.window.isVisible()


def test_slow_work_with_a_bug_leaves_nothing_in_the_status_bar(desktop: Desktop) -> None:
    def count(on_progress: Callable[[float], bool]) -> None:
        for step in range(60):
            time.sleep(0.01)
            on_progress(step / 100)
        raise RuntimeError("injected")

    desktop.program.background.start_job(desktop.window, "Counting sheep", count)
    item = desktop.window.status.job
    desktop.wait(lambda: item.isVisible() and "Counting sheep" in item.text)
    desktop.wait(lambda: not item.isVisible(), 3)
    desktop.settle()
    assert desktop.program.crash_reporter.dialogs == 1  # the bug was told, once


def test_when_qt_gives_up_a_report_is_left_and_the_next_start_is_as_before(tmp_path: Path) -> None:
    file = tmp_path / "smartspec.db"
    script = f"""
from pathlib import Path
from PySide6.QtCore import QTimer, qFatal
from smartspec.gui import app
app.application()
timer = QTimer(singleShot=True, interval=1_000)
timer.timeout.connect(lambda: qFatal("the bottom fell out"))
timer.start()
app.run(Path({str(file)!r}))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    reports = [each.read_text(encoding="utf-8") for each in (tmp_path / "reports").iterdir()]
    assert done.returncode == 70 and len(reports) == 1 and "the bottom fell out" in reports[0], done.stderr
    database.open_database(file)
    assert database.check_database() == ()
    database.close_database()


# R47: nothing that was deleted is gone


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there are no signals here")
def test_what_was_deleted_survives_a_kill_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "smartspec.db"
    script = f"""
import os, signal
from pathlib import Path
from smartspec.commands import workflow_sources
from smartspec.commands import database, workflows, files
database.open_database(Path({str(file)!r}))
made = files.import_workflows([workflow_sources.Source("x", {CHAIN!r}, "yaml")])[0]
workflows.delete_workflow(made.workflow.id)
print(made.version.definition_hash, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == -signal.SIGKILL
    database.open_database(file)
    restored = workflows.restore_workflow("chain")
    from smartspec.commands import versions

    assert versions.latest_version(restored.id).definition_hash == done.stdout.strip()
    database.close_database()


def test_ten_thousand_deleted_at_once_come_back_with_undo(desktop: Desktop) -> None:
    import json

    from smartspec.commands import importing

    count = 10_000 if FULL else 2_000
    file = desktop.file.parent / "many.jsonl"
    line = json.dumps({"workflow": "many", "status": "failed", "started_at": "2026-01-01T00:00:00Z", "duration_ms": 5})
    file.write_text(f"{line}\n" * count, encoding="utf-8")
    importing.import_executions(file)
    desktop.settle()
    desktop.go("history", query="status:failed")
    page = desktop.history
    page.view.selectAll()
    QCoreApplication.processEvents()
    assert page.selection.select_all.isVisible()
    page.selection.select_all.click()
    desktop.settle()
    assert page.selection.words.text().startswith(f"{count:,} selected")
    page.selection.delete()
    desktop.settle()
    assert executions.count_executions() == 0
    assert "to the trash" in desktop.toast
    desktop.window.toast.undo()
    desktop.settle()
    assert executions.count_executions(exact=True) == count
    assert executions.count_executions(ExecutionFilter(deleted=True)) == 0


def test_a_large_ledger_starts_within_two_seconds(large: Path) -> None:
    with measured(f"{LARGE:,} executions: started, filled and closed", 3):  # two for the start, one for the end
        started = subprocess.run(
            [sys.executable, "-c", SPIED], env=environment(BENCHMARKED=str(large)), capture_output=True, text=True,
            timeout=120,
        )  # fmt: skip
    assert started.returncode == 0 and len(started.stdout.split()) == 3, started.stderr  # CPU twice, memory
