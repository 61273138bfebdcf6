"""A feature is declared once: the rest of the window reads it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QWidget

from smartspec.commands import database, files
from smartspec.commands.workflow_sources import Source
from smartspec.domain.execution import Execution
from smartspec.errors import Invalid
from smartspec.gui import screenshots
from smartspec.gui.app import FEATURES, screenshot
from smartspec.gui.contract import actions_of, pages_of, screenshot_names
from smartspec.gui.core.actions import MENUS
from smartspec.gui.widgets.buttons import Switch
from tests.conftest import ROOT
from tests.gui.conftest import BROKEN, CHAIN, Desktop
from tests.gui.toy.feature import FEATURE as TOYS

WITH_TOYS = (*FEATURES, TOYS)


@pytest.fixture
def toys(qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    made = Desktop(tmp_path / "data" / "smartspec.db", features=WITH_TOYS)
    yield made
    made.close()
    database.close_database()
    assert made.reports == 0, "an error was reported"


def texts(parent: QWidget) -> list[str]:
    return [each.text() for each in parent.findChildren(QLabel)]


def test_a_page_is_in_rail_and_menu_and_remembered(toys: Desktop) -> None:
    buttons = {each.accessibleName(): each for each in toys.window.rail.findChildren(QAbstractButton)}
    titles = [spec.title for spec in pages_of(WITH_TOYS) if spec.title and not spec.is_at_foot]
    assert titles[-1] == "T&oys"
    in_rail = [spec.title for spec in pages_of(WITH_TOYS) if spec.title and spec.is_in_rail]
    assert {*buttons} == {each.replace("&", "") for each in in_rail} and "Audit trail" not in buttons
    assert max(buttons.values(), key=lambda each: each.y()) is buttons["Settings"]
    assert not any(spec.name.startswith("toy") for spec in pages_of(FEATURES))
    toys.click(buttons["Toys"])
    assert toys.shows(toys.window.page("toys"))
    assert buttons["Toys"].isChecked() and not buttons["Workflows"].isChecked()
    toys.go("workflows")
    toys.press("Ctrl+9")
    assert toys.shows(toys.window.page("toys"))
    assert toys.program.ui_state.get("page", "") == "toys"
    view = next(each for each in toys.window.top.menus.actions() if each.text() == MENUS[2]).menu()
    assert isinstance(view, QWidget)
    assert [each.text() for each in view.actions()][: len(titles)] == titles


def test_its_actions_have_menu_keys_and_a_line_in_the_sheet(toys: Desktop) -> None:
    action = toys.window.context.actions["play"]
    assert not action.isEnabled()
    toys.go("toys", "ball")
    page: Any = toys.window.page("toys")
    assert action.isEnabled()
    toys.press("Ctrl+Alt+P")
    assert page.played == 1
    toys.do("shortcuts")
    shown = texts(toys.dialog(QDialog))
    assert "Play with it" in shown and "Toys" in shown


def test_its_tabs_are_chosen_by_keys_and_addresses(toys: Desktop) -> None:
    toys.go("toys", "ball", "shelf")
    page: Any = toys.window.page("toys")
    assert page.tabs.name == "shelf"
    toys.press("Alt+1")
    assert page.tabs.name == "box"
    toys.window.open_target("toy:train")
    toys.settle()
    assert page.toy == "train"


def test_the_palette_finds_what_its_source_does(toys: Desktop) -> None:
    toys.press("Ctrl+K")
    palette = toys.window.palette_view
    toys.type_text(palette.input, "blu")
    assert [entry.text for entry in palette.model.entries] == ["Blocks", "Blue block"]
    toys.press("Return", palette.input)
    page: Any = toys.window.page("toys")
    assert toys.shows(page) and page.toy == "Blue block"


def test_its_settings_are_on_their_page(toys: Desktop) -> None:
    toys.do("page_settings")
    page: Any = toys.window.page("settings")
    assert "make a noise" in texts(page)
    field = page.form.rows["toys.loud"].control.field
    assert isinstance(field, Switch) and field.accessibleName() == "Toys"
    toys.click(field)
    assert toys.program.ui_state.get("toys.loud", False)


def test_it_can_be_drawn(toys: Desktop, tmp_path: Path) -> None:
    assert screenshot_names(WITH_TOYS)[-2:] == ("toys", "shelf")
    picture = tmp_path / "shelf.png"
    screenshots.take(toys.program, WITH_TOYS, "shelf", picture, (1280, 800), "default")
    assert toys.shows(toys.window.page("toys"))
    assert picture.stat().st_size > 10_000


def test_a_page_that_is_gone_is_not_gone_to(qapp: QApplication, tmp_path: Path) -> None:
    desktop = Desktop(tmp_path / "data" / "smartspec.db", features=WITH_TOYS)
    desktop.go("toys", "ball")
    desktop.close()
    again = Desktop(tmp_path / "data" / "smartspec.db", features=WITH_TOYS)
    page: Any = again.window.page("toys")
    assert again.shows(page) and page.toy == "ball"
    again.close()
    without = Desktop(tmp_path / "data" / "smartspec.db")
    assert without.shows(without.workflows)
    without.close()
    database.close_database()


def test_names_are_declared_once() -> None:
    for names in (
        [each.name for each in FEATURES], [each.name for each in pages_of(FEATURES)],
        [each.name for each in actions_of(FEATURES)], [*screenshot_names(FEATURES)],
        [setting.key for each in FEATURES for setting in each.settings],
    ):  # fmt: skip
        assert len(set(names)) == len(names)


def test_every_action_is_done_by_somebody(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    execution = ran(BROKEN)
    key = {"workflows": "", "execution": execution.id}
    done: set[str] = set()
    for page in pages_of(FEATURES):
        for tab in [each.name for each in page.tabs] or [""]:
            desktop.go(page.name, key.get(page.name, ""), tab)
            actions = desktop.window.context.actions
            done |= {spec.name for spec in actions.specs if actions.handler(spec.name) is not None}
    assert {spec.name for spec in actions_of(FEATURES)} - done == set()
    assert "play" not in done


@pytest.mark.parametrize("name", screenshot_names(FEATURES))
def test_every_picture_is_drawn(name: str, desktop: Desktop, ran: Callable[..., Execution], tmp_path: Path) -> None:
    ran(CHAIN if name == "run" else BROKEN)  # there is a form for what takes parameters
    picture = tmp_path / f"{name}.png"
    screenshots.take(desktop.program, FEATURES, name, picture, (1280, 800), "default")
    image = QImage(str(picture))
    colours = {
        QColor(image.pixel(x, y)).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)
    }
    assert len(colours) > 8, "it is empty"


def test_a_picture_that_there_is_not_is_answered_with_those_there_are(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"did you mean “history”.* about, help"):
        screenshot(tmp_path / "smartspec.db", "histroy", tmp_path / "x.png")


def test_what_is_declared_imports_no_page() -> None:
    """A start pays for the page it shows only."""
    program = """
import sys
from smartspec.gui.app import FEATURES
made = [each for each in sys.modules if each.startswith(("smartspec.gui.pages.", "smartspec.commands"))]
print(*(each for each in made if each.count(".") > 3 and not each.endswith(".feature")))
print(*(each for each in made if each.startswith("smartspec.commands")))
print(*({"smartspec.domain.jsontext", "smartspec.domain.execution"} & {*sys.modules}))
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == []


def test_a_page_is_filled_without_what_comes_later(tmp_path: Path) -> None:
    """Templates, schemas and the network take longer to import than the page does to be made."""
    program = """
import sys
from pathlib import Path
from smartspec.gui.app import FEATURES
from smartspec.gui.application import application
from smartspec.gui.program import Program
from tests.clock import until

def is_filled():
    tab = getattr(program.window.shown, "tabs", None) and program.window.shown.tabs.current
    return tab is not None and tab.graph.canvas.drawing.nodes

app = application()
program = Program(Path(sys.argv[1]), FEATURES, remembers=False)
program.shown.connect(program.listen)
program.open()
until(is_filled, pause=app.processEvents)
print(*({"jinja2", "jsonschema_rs", "yaml", "PySide6.QtNetwork"} & {*sys.modules}))
program.close()
"""
    file = tmp_path / "smartspec.db"
    database.open_database(file)
    files.import_workflows([Source("x.yaml", CHAIN, "yaml", str(tmp_path))])
    database.close_database()
    told = subprocess.run(
        [sys.executable, "-c", program, str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert told.split() == []
