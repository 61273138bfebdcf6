"""The chips of a search in windows of all widths: words, then icons, then entries of a menu; and back."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from smartspec.gui.widgets.table.filter_bar import FilterBar
from tests.gui.conftest import Desktop


def left_out(bar: FilterBar) -> dict[str, QMenu]:
    return {menu.title(): menu for menu in bar._more_menu.findChildren(QMenu) if menu.menuAction() in
            bar._more_menu.actions()}  # fmt: skip


def test_what_has_no_room_for_a_chip_is_found_in_the_menu_of_the_rest(desktop: Desktop) -> None:
    desktop.go("history")
    desktop.window.resize(720, 480)
    desktop.settle()
    bar: FilterBar = desktop.history.filters
    assert bar.layout().minimumSize().width() <= bar.width()  # type: ignore[union-attr]
    bar.setFixedWidth(200)
    desktop.settle()
    assert not bar.kinds["trigger"].isVisible() and "Trigger" in left_out(bar)
    menu = left_out(bar)["Trigger"]
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text().startswith("By hand")).trigger()
    desktop.settle()
    assert desktop.history.text == "trigger:manual"
    assert bar.kinds["trigger"].isVisible() and "Trigger" not in left_out(bar)


def test_the_words_come_back_where_there_is_room_again(desktop: Desktop) -> None:
    desktop.go("history")
    bar: FilterBar = desktop.history.filters
    for width in (1600, 720, 1600):
        desktop.window.resize(width, 800)
        desktop.settle()
    assert not left_out(bar)
    assert bar.kinds["session"].isVisible()
    assert bar.kinds["session"].width() == bar.kinds["session"].sizeHint().width() > 60


def test_what_is_chosen_keeps_its_words_longest_and_the_arrows_stand_beside_each_other(desktop: Desktop) -> None:
    desktop.go("history")
    desktop.history.search("after:30d status:failed")
    desktop.settle()
    bar: FilterBar = desktop.history.filters
    bar.setFixedWidth(700)
    desktop.settle()
    dates = bar.kinds["after"]
    assert dates.width() > 100  # with its words
    assert bar.period.later.x() - bar.period.earlier.x() == bar.period.earlier.width()
