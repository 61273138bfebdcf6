"""The tabs of a page and their contents, each of which is made when it is first gone to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from smartspec.gui.contract import TabSpec
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.tabs import Tabs
from smartspec.messages import translate

Content = TypeVar("Content", bound=QWidget)


class TabStack(QStackedWidget, Generic[Content]):
    """`bar` chooses what is shown. `made` carries a new content, before it is shown; `chosen` comes after it."""

    made = Signal(object)
    chosen = Signal()

    def __init__(self, context: AppContext, name: str, specs: Sequence[TabSpec[Content]]) -> None:
        """`name` is what the bar is called where it is read out."""
        super().__init__()
        self._context = context
        self._specs = tuple(specs)
        self._contents: dict[str, Content] = {}
        self.bar = Tabs(name)
        for spec in self._specs:
            self.bar.addTab(translate(spec.title))
        self.bar.currentChanged.connect(lambda _: self.open())

    @property
    def name(self) -> str:
        """Of the chosen tab."""
        return self._specs[self.bar.currentIndex()].name

    @property
    def contents(self) -> list[Content]:
        """Those that are made."""
        return [*self._contents.values()]

    @property
    def current(self) -> Content | None:
        return self._contents.get(self.name)

    def content(self, name: str) -> Content:
        """Of a tab, which is made where it is not yet."""
        if name not in self._contents:
            spec = next(each for each in self._specs if each.name == name)
            self._contents[name] = spec.make(self._context, self)
            self.made.emit(self._contents[name])
            self.addWidget(self._contents[name])
        return self._contents[name]

    def show_tab(self, name: str) -> None:
        """What is no tab's name stays without effect."""
        names = [spec.name for spec in self._specs]
        if name in names:
            self.bar.setCurrentIndex(names.index(name))

    def set_title(self, name: str, title: str) -> None:
        """Another one, which is translated already."""
        at = next(place for place, spec in enumerate(self._specs) if spec.name == name)
        if self.bar.tabText(at) != title:
            self.bar.setTabText(at, title)

    def open(self) -> None:
        """Show the content of the chosen tab."""
        self.setCurrentWidget(self.content(self.name))
        self.chosen.emit()
