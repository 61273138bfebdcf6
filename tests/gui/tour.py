"""A walk through the window: every page, tab, dialog, menu and state, one after another, as a person would see them.

Each is opened, its name told to whoever looks, and closed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smartspec.commands import (
    configs,
    database,
    files,
    recording,
    samples,
    starting,
    workflow_sources,
    working_copies,
)
from smartspec.domain.execution import Origin, Trigger
from smartspec.domain.workspace import SAMPLES
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop
from tests.gui.tour_of_executions import see_execution, see_history
from tests.gui.tour_of_the_window import see_lost, see_menus, see_now, see_restore, see_settings, see_window
from tests.gui.tour_of_workflows import see_editing, see_workflow_dialogs, see_workflows
from tests.gui.tour_steps import QUIET, Look, close_dialogs

ITEMS = """smartspec: 1
name: items
params:
  type: object
  required: [where]
  properties:
    where: {type: string, enum: [here, there], description: At which place}
    day: {type: string, format: date}
    list: {type: array, items: {type: string}}
    most_days: {type: integer, minimum: 1, maximum: 365}
    from: {type: string, format: folder, description: Where it comes from}
    mail: {type: string, format: email}
    at: {type: string, format: date-time}
    deep: {type: boolean, description: All of it}
    more: {type: object}
tasks:
  each: {with_items: [one, two], run: "echo {{ item }}"}
  look: {needs: [each], manual: Is it plugged in?}
"""
NOW = (
    "smartspec: 1\nname: asking\ntasks:\n  a: {manual: Is it plugged in?}\n",
    "smartspec: 1\nname: trying\ntasks:\n  a: {run: 'exit 7', retry: {max: 3, delay: 60s}}\n",
    "smartspec: 1\nname: slow\nuses: [nas]\ntasks:\n  a: {run: sleep 60}\n  b: {needs: [a], run: 'true'}\n",
    "smartspec: 1\nname: held\nuses: [nas]\ntasks:\n  a: {run: sleep 60}\n",
)
WRITTEN = (
    QUIET,
    "status:failed",
    "after:30d status:failed",
    "nonsense",
    "runn",
    "nothing of that kind",
    "nothing",
    "fourth",
    "tasks.fourth.env.A",
    "tasks.nothing.outputs",
    "zzz",
    "1 x",
    "soon",
    "3O",
    "wrong",
    "none.yaml",
    "good.yaml",
    "bad.yaml",
    "report.txt",
    "2026-13-01",
    "1,200",
    "/nowhere",
    "file appeared /nowhere/papers named '*.pdf'",
    "*.pdf",
    "/nowhere/papers",
    "mira",
    "bell",
    "paplay /usr/share/sounds/bell.oga",
    "It was refused.",
    "bell: It was refused.",
    "me@example.org",
    "mail.example.org:587",
    "STARTTLS",
    "TLS",
    "mon-fri",
)
DOOR = "smartspec: 1\nname: door\nconfig: {key: {type: secret, description: Of the door}}\ntasks: {a: {run: echo}}\n"


@contextmanager
def filled(file: Path) -> Iterator[Desktop]:
    """The window on the sample data, filled; an error that nobody caught fails the test."""
    database.open_database(file)
    made = Desktop(file)
    fill(made)
    made.program.show(SAMPLES)
    made.window.resize(1280, 800)
    made.settle()
    yield made
    made.close()
    database.close_database()
    assert made.reports == 0, "an error was reported"


def fill(desktop: Desktop) -> None:
    """The sample data, and beside them workflows that ran here: well, badly, with items, by hand, and waiting."""
    samples.make_samples()
    at = SAMPLES
    sources = [workflow_sources.Source(f"{n}.yaml", text, "yaml", str(desktop.file.parent))
               for n, text in enumerate((BROKEN, CHAIN, ITEMS, *NOW, DOOR))]  # fmt: skip
    broken, chain, items, *_rest = (each.workflow.id for each in files.import_workflows(sources, workspace=at))
    by_hand = Origin(Trigger.MANUAL)
    run_on(starting.start_execution(chain, {}, origin=by_hand, workspace=at))
    for word in ("skip", "host"):
        configs.set_config(chain, word, ["c"] if word == "skip" else "other.local", workspace=at)
    working_copies.save_version(chain, CHAIN.replace("echo third", "echo last"), change_log="Say last", workspace=at)
    run_on(starting.start_execution(chain, {"word": "bye"}, origin=by_hand, workspace=at))
    run_on(starting.start_execution(broken, {}, origin=by_hand, workspace=at))
    starting.start_execution(items, {"where": "here"}, origin=by_hand, workspace=at)
    recording.begin_execution(chain, workspace=at)


def tour(desktop: Desktop, look: Look) -> None:
    """Through a ledger that `fill` filled."""
    parts = (
        see_workflows, see_editing, see_workflow_dialogs, see_execution, see_history, see_settings, see_now, see_window, see_menus, see_restore,
        see_lost,
    )  # fmt: skip
    for part in parts:
        part(desktop, look)


def tour_empty(desktop: Desktop, look: Look) -> None:
    """Through one in which nothing is."""
    look("welcome")
    desktop.go("history")
    look("history, empty")
    desktop.history.search("status:failed")
    desktop.settle()
    look("history, nothing fits")
    desktop.history.search("dur:nonsense")
    desktop.settle()
    look("history, no search")
    desktop.do("now")
    look("now, empty")
    desktop.press("Esc")
    desktop.do("palette")
    look("palette, empty")
    desktop.press("Esc")
    desktop.go("workflows")
    desktop.workflows.show_trash()
    desktop.settle()
    look("trash, empty")
    close_dialogs(desktop)
    desktop.go("execution", "0" * 32)
    look("execution, not there")
    desktop.go("workflows")
