"""The page of the tests' own feature."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QTabBar, QVBoxLayout, QWidget

from smartspec.gui.contract import Page, TabSpec
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.widgets.tab_stack import TabStack


class ToyPage(Page):
    def __init__(self, context: AppContext, tabs: Sequence[TabSpec[QLabel]], parent: QWidget) -> None:
        super().__init__(context, parent)
        self.toy = ""
        self.played = 0
        self.tabs = TabStack(context, "Tabs of the toys", tabs)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs.bar)
        layout.addWidget(self.tabs)

    def show_location(self, location: Location) -> None:
        self.toy = location.key
        self.context.ui_state.keep("toy", self.toy)
        self.tabs.show_tab(location.tab or "box")
        self.tabs.open()
        self.register_page_handlers()

    def panes(self) -> list[QWidget]:
        return [self.tabs.bar]

    def tab_bar(self) -> QTabBar:
        return self.tabs.bar

    def handlers(self) -> dict[str, Handler]:
        return {"play": self.play}

    def play(self) -> None:
        self.played += 1
