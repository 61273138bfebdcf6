"""The window with a million executions: how soon it is there, what holds its event loop, how fast it answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import ledger
from tests.benchmarks.figure import Figure, interleaved, median, ms, p95

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 7
AT_ONCE_S = 0.1  # what people take for instantaneous (J. Nielsen, Usability Engineering, 1993, chapter 5)


def environment(**more: str) -> dict[str, str]:
    """Drawn nowhere, on a screen that has room for the window."""
    platform = f"offscreen:configfile={Path(__file__).with_name('screen.json')}"
    return {**os.environ, "QT_QPA_PLATFORM": platform, "PYTHONPATH": str(ROOT), **more}


_RESIDENT = "print(int(open('/proc/self/statm').read().split()[1]) * 4096)"
_EMPTY = f"""
import time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
window.grab()
print(time.process_time())
{_RESIDENT}
"""
# The program as it is started, with a spy from the moment that Qt is imported: it tells the CPU of the process when the
# window is on the screen, and takes keys, and again when all of its page is filled and painted.
SPIED = f"""
import os, sys, time
from smartspec import __main__

class Spied(__main__.Window):
    def _gui(self):
        gui = super()._gui()
        from PySide6.QtCore import QTimer
        self.timer = QTimer(gui.application(), interval=1)
        self.timer.timeout.connect(self.look)
        self.timer.start()
        self.window = None
        return gui

    def look(self):
        from PySide6.QtWidgets import QApplication, QMainWindow
        shown = self.window or next((each for each in QApplication.topLevelWidgets() if isinstance(each, QMainWindow)), None)
        if shown is None or not shown.windowHandle().isExposed():
            return
        if self.window is None:
            self.window = shown  # and painted: that is what being exposed does first
            print(time.process_time(), flush=True)
        if is_filled(shown.stack.currentWidget()):
            self.timer.stop()
            shown.grab()
            print(time.process_time())
            {_RESIDENT}
            shown.close()

def is_filled(page):
    if page is None or not page.workflow_list.is_loaded:
        return False
    if not page.workflow_list.summaries:
        return page.centre.currentWidget() is page.welcome
    overview = page.tabs.current
    return page.executions.view.executions.is_loaded and bool(overview.graph.canvas.drawing.nodes)

__main__.Window = Spied
sys.argv = ["smartspec"]
os.environ["SMARTSPEC_DB"] = os.environ["BENCHMARKED"]
__main__.main()
"""


def start(folder: Path, size: int) -> Iterator[Figure]:
    """CPU of the process to a window that takes keys, and to one whose first page is filled: it alone is the same
    beside others."""
    for executions in (0, size):
        file = folder / f"{executions}.db"
        if executions:
            ledger.fill(file, executions)
        resident: dict[str, int] = {}
        filled: list[float] = []

        def run(script: str, kept: dict[str, int] = resident, filled: list[float] = filled, file: Path = file) -> float:
            done = subprocess.run(
                [sys.executable, "-c", script], env=environment(BENCHMARKED=str(file)), stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True, check=True, timeout=120,
            )  # fmt: skip
            *took, memory = done.stdout.split()
            kept[script] = int(memory)
            if script is SPIED:
                filled.append(float(took[1]))
            return float(took[0])

        run(_EMPTY), run(SPIED)  # what is read from the disk is warm in both
        filled.clear()
        ours, empty = interleaved(lambda: run(SPIED), lambda: run(_EMPTY), ROUNDS)
        told = f"{executions:,} executions"
        for what, took, budget in (("that takes keys", ours, 1.8), ("whose page is filled", filled, 2.8)):
            ratio = median(took) / median(empty)
            yield Figure(f"CPU to a window {what}, {told} (median)", ms(median(took)),
                         f"{ms(median(empty))} empty window", ratio, f"<= {budget}", ratio <= budget)  # fmt: skip
        memory = resident[SPIED] / resident[_EMPTY]
        yield Figure(f"its memory, {told}", f"{resident[SPIED] / 2**20:.0f} MiB",
                     f"{resident[_EMPTY] / 2**20:.0f} MiB empty window", memory, "<= 1.8", memory <= 1.8)  # fmt: skip


class OpenWindow:
    """A window on a ledger, and a watch over its event loop."""

    def __init__(self, file: Path) -> None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from PySide6.QtCore import QTimer

        from smartspec.gui.app import FEATURES
        from smartspec.gui.application import application
        from smartspec.gui.program import Program

        self.app = application()
        self.program = Program(file, FEATURES, remembers=False)
        self.program.open()
        self.settle()
        assert self.program.window is not None
        self.window = self.program.window
        self.window.resize(1280, 800)
        self.settle()
        self.gaps: list[float] = []
        self.busy: list[float] = []  # of each gap the CPU of this thread
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.gaps.append(now - self._last)
        self.busy.append(cpu - self._last_cpu)
        self._last, self._last_cpu = now, cpu

    def settle(self) -> None:
        from smartspec.gui import screenshots

        screenshots.settle(self.program, 0.05)

    def wait(self, condition: Any) -> float:
        """Seconds until it holds."""
        began = time.perf_counter()
        while not condition():
            self.app.processEvents()
            time.sleep(0.0002)
            assert time.perf_counter() - began < 60
        return time.perf_counter() - began

    def go(self, page: str, key: str = "", tab: str = "", query: str = "") -> None:
        from smartspec.gui.core.navigation import Location

        self.window.context.navigator.go(Location(page, key, tab, query))

    def watched(self, seconds: float, act: Callable[[], object] = lambda: None) -> list[float]:
        """The gaps of the event loop in some seconds, in which something is done."""
        from PySide6.QtCore import QTimer

        self.app.processEvents()
        self.gaps.clear()
        self.busy.clear()
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()
        QTimer.singleShot(0, act)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or not self.program.background.is_idle:
            self.app.processEvents()
            time.sleep(0.0002)
            assert time.perf_counter() < end + 60
        self._tick()
        return list(self.gaps)

    def held_by(self, act: Callable[[], object]) -> float:
        """The longest that something holds the event loop, in CPU of its thread."""
        self.watched(0.4, act)
        return max(self.busy)

    def close_dialogs(self) -> None:
        from PySide6.QtWidgets import QDialog

        for each in self.window.findChildren(QDialog):
            each.done(0)
        self.settle()
        self._delete()

    def _delete(self) -> None:
        """What is to be deleted once the event loop is back: here it never is."""
        from PySide6.QtCore import QEvent

        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def close(self) -> None:
        self.program.close()
        self.window.close()
        self.window.deleteLater()
        self._timer.stop()
        self._delete()


SEARCHES = ("status:failed", "status:failed,timeout wf:{wf}", "wf:{wf}", "trigger:cron", "after:7d", "status:completed")


def lists(folder: Path, size: int) -> Iterator[Figure]:
    """From a changed filter to the painted page, in the window."""
    file = folder / "large.db"
    ledger.fill(file, size)
    opened = OpenWindow(file)
    opened.go("history")
    opened.settle()
    from smartspec.commands import workflows

    name = workflows.list_workflows(limit=1).rows[0].ref
    took = []
    page: Any = opened.window.page("history")
    model = page.view.executions
    for _ in range(10):
        for text in SEARCHES:
            page.search("")
            opened.settle()
            before = model._asked
            began = time.perf_counter()
            page.search(text.format(wf=name))
            opened.wait(lambda before=before: model._asked > before and model.is_loaded and not model._loading)
            page.view.viewport().repaint()
            took.append(time.perf_counter() - began)
            opened.settle()
    opened.close()
    yield Figure(f"filter to painted page of {size:,} in the window (p95)", ms(p95(took)), "100 ms, at once",
                 p95(took) / AT_ONCE_S, "<= 1", p95(took) <= AT_ONCE_S)  # fmt: skip


def typing(folder: Path, size: int) -> Iterator[Figure]:
    """Each letter of a search in the palette, to what was found."""
    file = folder / "large.db"
    ledger.fill(file, size)
    opened = OpenWindow(file)
    palette = opened.window.palette_view
    palette.open()
    opened.settle()
    took = []
    for word in ("backup", "failed", "report", "disk", "nightly"):
        for length in range(1, len(word) + 1):
            text = word[:length]
            began = time.perf_counter()
            palette.input.setText(text)
            opened.wait(lambda: opened.program.background.is_idle)
            took.append(time.perf_counter() - began)
    opened.close()
    yield Figure(f"a letter in the palette to what was found in {size:,} (p95)", ms(p95(took)), "100 ms, at once",
                 p95(took) / AT_ONCE_S, "<= 1", p95(took) <= AT_ONCE_S)  # fmt: skip


def event_loop(folder: Path, size: int) -> Iterator[Figure]:
    """The longest the event loop is held while other threads and processes work."""
    file = folder / "large.db"
    ledger.fill(file, size)
    opened = OpenWindow(file)
    opened.go("history")
    opened.settle()
    page: Any = opened.window.page("history")
    idle = opened.watched(2)
    page.search("dur:>1h dur:>30m tag:none")
    scan = opened.watched(2)
    page.search("")
    opened.settle()
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(file)], env=environment())
    time.sleep(0.5)
    writing = opened.watched(3)
    writer.kill()
    writer.wait()
    opened.close()
    for what, gaps in (("while it scans a million", scan), ("while 1,000 events a second come", writing)):
        yield Figure(f"event loop {what} (p99 of gaps)", ms(_p99(gaps)), f"{ms(_p99(idle))} at rest", _p99(gaps) / 0.0167,
                     "<= 16.7 ms", _p99(gaps) <= 0.0167)  # fmt: skip
        longest = max(gaps)
        yield Figure(f"event loop {what} (longest)", ms(longest), f"{ms(max(idle))} at rest", longest / 0.0167,
                     "<= 16.7 ms", longest <= 0.0167)  # fmt: skip


def _p99(gaps: list[float]) -> float:
    return sorted(gaps)[int(len(gaps) * 0.99)]


_WRITER = """
import sys, time
from pathlib import Path
from smartspec.commands import database, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
database.open_database(Path(sys.argv[1]))
ref = workflows.list_workflows(limit=1).rows[0].id
while True:
    began = time.perf_counter()
    for _ in range(5):
        execution = recording.begin_execution(ref)
        recording.end_execution(execution.id, Report(ExecutionStatus.COMPLETED))
    time.sleep(max(0, 0.01 - (time.perf_counter() - began)))
"""


HELD_S, FIRST_ROWS_S = 0.05, 0.15


def items(folder: Path, size: int) -> Iterator[Figure]:
    """An execution with very many items is opened: what holds the event loop, and when its tasks are to be seen."""
    from smartspec.commands import executions, importing
    from tests.commands.test_task_runs import many_items

    opened = OpenWindow(folder / "items.db")
    ids = {}
    for count in (500, 10_000, 100_000):
        file = folder / f"{count}.jsonl"
        line = many_items(min(count, 10_000), lambda item: item % 1_000 == 7)
        file.write_text(line.replace("many", f"many{count}", 1))
        importing.import_executions(file)
        execution = executions.get_execution(f"many{count}#1")
        ids[count] = execution.id
        ledger.multiply_items(execution, count // 10_000)
    page: Any = opened.window.page("execution")
    for count in (10_000, 100_000):
        took, held = [], []
        for _ in range(5):
            opened.go("execution", ids[500])
            opened.settle()
            opened.gaps.clear()
            opened._last = began = time.perf_counter()
            opened.go("execution", ids[count])
            opened.wait(lambda id_=ids[count]: page.execution is not None and page.execution.id == id_)
            page.grab()
            took.append(time.perf_counter() - began)
            so_far = [*opened.gaps]
            held.append(max([*so_far, *opened.watched(0.5)]))
        for what, seconds, limit in (
            ("first rows", median(took), FIRST_ROWS_S), ("longest the event loop is held", max(held), HELD_S),
        ):  # fmt: skip
            yield Figure(f"an execution of {count:,} items opened: {what}", ms(seconds), ms(limit), seconds / limit,
                         "<= 1", seconds <= limit)  # fmt: skip
    opened.close()


def large_graph(folder: Path, size: int) -> Iterator[Figure]:
    """A workflow of 2,000 tasks is opened: the longest that the event loop is held."""
    import json

    from smartspec.commands import files
    from smartspec.commands.workflow_sources import Source

    opened = OpenWindow(folder / "graph.db")
    tasks = {f"t{n}": {"run": "true", **({"needs": [f"t{(n - 1) // 2}"]} if n else {})} for n in range(2_000)}
    ids = [
        files.import_workflows([Source(f"{n}.json", json.dumps({"smartspec": 1, "name": f"g{n}", "tasks": found}),
                                       "json", str(folder))])[0].workflow.id
        for n, found in enumerate(({"t": {"run": "true"}}, tasks))
    ]  # fmt: skip
    page: Any = opened.window.page("workflows")
    held = []
    for _ in range(5):
        opened.go("workflows", ids[0])
        opened.settle()
        graph = page.tabs.content("overview").graph
        opened.gaps.clear()
        opened._last = time.perf_counter()
        opened.go("workflows", ids[1])
        opened.wait(lambda: len(graph.canvas.drawing.nodes) == len(tasks))  # noqa: B023 - it is waited for here
        so_far = [*opened.gaps]
        held.append(max([*so_far, *opened.watched(0.3)]))
    opened.close()
    yield Figure("a workflow of 2,000 tasks opened: the loop is held", ms(median(held)), ms(HELD_S),
                 median(held) / HELD_S, "<= 1", median(held) <= HELD_S)  # fmt: skip


def drawing(folder: Path, size: int) -> Iterator[Figure]:
    """A graph of 2,000 tasks laid out and painted; a timeline of 10,000 items."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from smartspec.domain.definition import model
    from smartspec.gui.application import application
    from smartspec.gui.widgets.graph.canvas import GraphCanvas
    from smartspec.gui.widgets.graph.run_drawing import draw

    app = application()
    tasks = {f"t{n}": {"run": "true", "needs": [f"t{k}" for k in (n - 1, n - 7) if k >= 0]} for n in range(2_000)}
    definition = model.read({"name": "x", "tasks": tasks})
    canvas = GraphCanvas()
    canvas.resize(1_000, 500)
    canvas.show()
    took = []
    for _ in range(5):
        began = time.perf_counter()
        canvas.show_drawing(draw(definition))
        canvas.grab()
        took.append(time.perf_counter() - began)
        app.processEvents()
    canvas.close()
    yield Figure("a graph of 2,000 tasks, laid out and painted (median)", ms(median(took)), "1 s", median(took), "<= 1 s",
                 median(took) <= 1)  # fmt: skip


def totals(folder: Path, size: int) -> Iterator[Figure]:
    """P23: History's totals after a start, while the database's health is looked at; from the rows on the screen."""
    from smartspec.gui.core.navigation import Location

    ledger.fill(folder / "x.db", size)
    opened = OpenWindow(folder / "x.db")
    opened.window.status.check_health()
    opened.window.context.navigator.go(Location("history"))
    page: Any = opened.window.stack.currentWidget()
    _wait(opened, lambda: page.view.executions.is_loaded)
    began = time.perf_counter()
    _wait(opened, lambda: page.counts.total == f"{size:,}")
    took = time.perf_counter() - began
    opened.program.close()
    yield Figure(
        f"History's exact total of {size:,}, after its rows", ms(took), "200 ms", took / 0.2, "≤ 1", took <= 0.2
    )


def _wait(opened: OpenWindow, come: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not come():
        assert time.monotonic() < end, "it never came"
        opened.app.processEvents()
