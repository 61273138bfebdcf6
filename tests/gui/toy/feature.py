"""A feature for the tests, in a folder of its own as those of the program are."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLabel, QWidget

from smartspec.gui.contract import (
    EDIT,
    ActionSpec,
    Feature,
    Page,
    PageSpec,
    PaletteEntry,
    PaletteQuery,
    PaletteSource,
    TabSpec,
    UiSetting,
)
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from tests.gui.toy.page import ToyPage

    return ToyPage(context, _TABS, parent)


def _make_label(text: str, context: AppContext, parent: QWidget) -> QLabel:
    return QLabel(text, parent)


def _find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    blocks = [each for each in ("Red block", "Blue block") if query.words and query.fits(each)]
    return [
        PaletteEntry(each, "stack", do=partial(context.navigator.go, Location("toys", each, "shelf")))
        for each in blocks
    ]


_TABS = (
    TabSpec("box", "Toy box", partial(_make_label, "in the box")),
    TabSpec("shelf", "Toy shelf", partial(_make_label, "on the shelf")),
)
FEATURE = Feature(
    "toys",
    PageSpec("toys", _make_page, "T&oys", "stack", ("Ctrl+9",), tabs=_TABS, remembered_key="toy", link="toy:"),
    actions=(ActionSpec("play", EDIT, 4, "Pla&y with it", "play", ("Ctrl+Alt+P",)),),
    settings=(UiSetting("toys.loud", "Toys", text="make a noise"),),
    palette=(PaletteSource("Blocks", _find),),
)
