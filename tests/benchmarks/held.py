"""What holds the event loop of the window: first openings, and the largest of everything, in CPU of its thread."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.benchmarks.figure import Figure, median, ms
from tests.benchmarks.window import HELD_S, OpenWindow, environment

WORKFLOWS, LINES, FIELDS, LOG_LINES, FILES = 5_000, 20_000, 200, 1_000_000, 500
_WINDOWS = 3  # each is opened anew: first openings come once in each
Step = tuple[str, Callable[[], object]]


def longest(folder: Path, size: int) -> Iterator[Figure]:
    """The worst of each kind of step, the median of some windows."""
    file = folder / "held.db"
    _fill(file)
    found: dict[str, list[float]] = {}
    for _ in range(_WINDOWS):
        opened = OpenWindow(file)
        opened.watched(2.5)  # filled, and what is opened next imported
        worst: dict[str, float] = {}
        for what, act in _steps(opened, folder):
            worst[what] = max(worst.get(what, 0.0), opened.held_by(act))
        for what, seconds in worst.items():
            found.setdefault(what, []).append(seconds)
        opened.close()
    for what, each in found.items():
        held = median(each)
        yield Figure(f"held by {what} (CPU)", ms(held), ms(HELD_S), held / HELD_S, "<= 1", held <= HELD_S)


def _fill(file: Path) -> None:
    from smartspec.commands import database, files
    from smartspec.commands.workflow_sources import Source

    database.open_database(file)
    tasks = {"t": {"run": "true"}}
    plain = [{"name": f"w{n:04}", "pack": f"p{n % 40:02}", "tasks": tasks} for n in range(WORKFLOWS)]
    form = {
        f"p{n}": {"type": ("string", "integer", "boolean")[n % 3], "description": "What for"} for n in range(FIELDS)
    }
    settings = {f"c{n}": {"type": "string", "default": str(n)} for n in range(FIELDS)}
    wide = {"name": "wide", "params": {"type": "object", "properties": form}, "config": settings, "tasks": tasks}
    for begin in range(0, len(plain), 500):
        _store([*plain[begin : begin + 500]], file.parent)
    _store([wide], file.parent)
    lines = "".join(f"  t{n}:\n    # number {n}\n    run: echo {n}\n    env: {{A: '{n}'}}\n" for n in range(LINES // 4))
    text = f"smartspec: 1\nname: long\ntasks:\n{lines}"
    files.import_workflows([Source("long.yaml", text, "yaml", str(file.parent))])
    database.close_database()
    said = [
        sys.executable,
        "-m",
        "smartspec",
        "record",
        "--db",
        str(file),
        "--name",
        "log",
        "--",
        "seq",
        str(LOG_LINES),
    ]
    subprocess.run(said, env=environment(), stdout=subprocess.DEVNULL, check=True)
    many = file.parent / "many"
    many.mkdir()
    for n in range(FILES):
        (many / f"{n}.yaml").write_text(f"smartspec: 1\nname: n{n}\ntasks:\n  t: {{run: 'true'}}\n")


def _store(definitions: list[dict[str, Any]], folder: Path) -> None:
    from smartspec.commands import files
    from smartspec.commands.workflow_sources import Source

    texts = [json.dumps({"smartspec": 1, **each}) for each in definitions]
    files.import_workflows([Source(f"{n}.json", text, "json", str(folder)) for n, text in enumerate(texts)])


def _steps(opened: OpenWindow, folder: Path) -> Iterator[Step]:
    yield from _first_openings(opened)
    yield from _list(opened)
    for theme in ("dark", "light"):
        yield "another theme, all pages opened before", partial(opened.program.ui_state.keep, "theme", theme)
    yield from _text(opened)
    yield from _forms(opened, folder)
    yield from _log(opened)


def _id_of(name: str) -> str:
    from smartspec.commands import workflows

    return workflows.get_workflow(name).id


def _tab(opened: OpenWindow, page: str, tab: str) -> Any:
    shown: Any = opened.window.page(page)
    return shown.tabs.content(tab)


def _first_openings(opened: OpenWindow) -> Iterator[Step]:
    from smartspec.commands import executions
    from smartspec.gui.app import FEATURES

    keys = {"workflows": _id_of("p00.w0000"), "execution": executions.get_execution("log#1").id}
    for page in (each.page for each in FEATURES if each.page is not None):
        for tab in [each.name for each in page.tabs] or [""]:
            yield "a page or tab opened first", partial(opened.go, page.name, keys.get(page.name, ""), tab)
    for action in ("new", "record", "about", "shortcuts", "messages", "workspace", "restore"):
        yield "a dialog opened first", partial(opened.window.context.actions.do, action)
        opened.close_dialogs()


def _list(opened: OpenWindow) -> Iterator[Step]:
    what = f"a list of {WORKFLOWS:,} workflows"
    yield what, partial(opened.go, "workflows")
    page: Any = opened.window.page("workflows")
    shown = page.workflow_list
    for text in ("w1", "", "3", ""):
        yield what, partial(shown.search.setText, text)
    for folded in (True, False):
        yield what, partial(shown.view.fold_all, folded)
    yield what, shown.view.selectAll
    for width in (960, 1280):
        yield what, partial(opened.window.resize, width, 800)


def _text(opened: OpenWindow) -> Iterator[Step]:
    what, key = f"a definition of {LINES:,} lines", _id_of("long")
    yield what, partial(opened.go, "workflows", key, "definition")
    editor = _tab(opened, "workflows", "definition").editor
    for act in (partial(editor.insertPlainText, "# a\n"), editor.undo, editor.selectAll):
        yield what, act
    yield what, partial(QTest.keyClick, editor, Qt.Key.Key_Tab)
    yield what, editor.undo
    yield what, partial(opened.go, "workflows", _id_of("p00.w0000"), "definition")
    yield what, partial(opened.go, "workflows", key, "definition")


def _forms(opened: OpenWindow, folder: Path) -> Iterator[Step]:
    from smartspec.gui.shell.importing.dialog import ImportDialog

    yield f"{FIELDS} settings of a workflow", partial(opened.go, "workflows", _id_of("wide"), "config")
    yield f"a form of {FIELDS} parameters", partial(opened.window.context.actions.do, "run_with")
    opened.close_dialogs()
    made = ImportDialog(opened.window.context, [folder / "many"], opened.window)
    yield f"an import of {FILES} files", made.open
    opened.close_dialogs()


def _log(opened: OpenWindow) -> Iterator[Step]:
    from smartspec.commands import executions

    what = f"a log of {LOG_LINES:,} lines"
    yield what, partial(opened.go, "execution", executions.get_execution("log#1").id, "log")
    pane = _tab(opened, "execution", "log").log
    bar = pane.view.verticalScrollBar()
    for part in (9, 5, 1):
        yield what, partial(bar.setValue, pane.view.count * part // 10)
    for act in (
        pane.bar.wrap.click,
        partial(pane.bar.search.setText, "77"),
        pane.bar.errors.click,
        pane.bar.wrap.click,
    ):
        yield what, act
