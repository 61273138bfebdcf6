"""What a feature of the window declares, once: its page with tabs, its actions, settings, finds and pictures.

Rail, menus, palette, shortcut sheet, settings and `screenshot` read it. A feature's module is imported at every start
and imports no page: `make`, `find` and `example` import what they need when they are called. What is made has its
parent from the beginning: with each later one the style sheet is worked out anew for all that is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTabBar, QWidget

from smartspec.gui.core.actions import EDIT, FILE, HELP, RUN, TOOLS, VIEW, ActionSpec, Handler, in_menu_order
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.pane import Pane
from smartspec.gui.core.ui_setting import UiSetting
from smartspec.value import frozen

__all__ = [
    "EDIT", "FILE", "HELP", "RUN", "TOOLS", "VIEW", "ActionSpec", "Companion", "Feature", "Page", "PageSpec",
    "PaletteEntry", "PaletteQuery", "PaletteSource", "ScreenshotSpec", "ShownWindow", "TabSpec", "UiSetting",
    "actions_of", "pages_of", "screenshot_names",
]  # fmt: skip


class Page(Pane):
    """What the window shows between its bars."""

    def show_location(self, location: Location) -> None:
        """Show what `location` names: it was gone to, or back to."""
        raise NotImplementedError

    def show_narrow(self, narrow: bool) -> None:
        """The window has become narrow, or wide again."""

    def panes(self) -> list[QWidget]:
        """What F6 goes round; the first has the keyboard when the page is come to."""
        return [self]

    def parts(self) -> list[QWidget]:
        """What Tab goes through, one after another."""
        return [self]

    def bottom_bars(self) -> list[QWidget]:
        """What stands at its lower edge, and is never covered by what floats."""
        return []

    def tab_bar(self) -> QTabBar | None:
        """The tabs that Alt and a number choose."""
        return None

    def handlers(self) -> dict[str, Handler]:
        """What does the actions while the page is shown, by their names."""
        return {}

    def disabled(self) -> set[str]:
        """The actions that do not apply now."""
        return set()

    def register_page_handlers(self) -> None:
        """To be called whenever `handlers` or `disabled` answer otherwise than before."""
        if self.isVisible():
            self.context.actions.register_handlers("page", self.handlers(), self.disabled())


Content = TypeVar("Content", bound=QWidget, covariant=True)


@frozen
class TabSpec(Generic[Content]):
    """`title` has its `&` doubled; what is made is of a kind that the page knows."""

    name: str
    title: str
    make: Callable[[AppContext, QWidget], Content]


@frozen
class PageSpec:
    """A page, which is made when it is first gone to.

    One with a `title` (with its mnemonic) is in the rail and the menu View, and shown again at the next start, with
    the key that the state of the window holds under `remembered_key`; one that is about the program itself
    (`is_at_foot`) is the last in the rail, in the menu File, and not what a start shows; one that is looked at now and
    then is in the menu alone (not `is_in_rail`). One without a title is come to
    from elsewhere; `parent` is lit in the rail meanwhile. `link` begins what opens it from outside, `takes_search` is
    true of the one page that the search at the top goes to. `example` finds the key that a picture shows, in a
    workspace; `needs_attention` says, not on the thread of the window, whether something in a workspace needs a
    person: a dot in the rail.
    """

    name: str
    make: Callable[[AppContext, QWidget], Page]
    title: str = ""
    icon: str = ""
    keys: tuple[str, ...] = ()
    parent: str = ""
    tabs: tuple[TabSpec[QWidget], ...] = ()
    remembered_key: str = ""
    link: str = ""
    takes_search: bool = False
    example: Callable[[str], str] | None = None
    needs_attention: Callable[[str], bool] | None = None
    is_at_foot: bool = False
    is_in_rail: bool = True

    @property
    def action(self) -> str:
        """The name of what goes there."""
        return f"page_{self.name}"


@frozen
class PaletteQuery:
    """`words` are in lower case; `text` is what was typed: where it begins with `#` executions are meant."""

    text: str
    words: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Whether each word begins one of the text's."""
        parts = text.lower().split()
        return all(any(part.startswith(word) for part in parts) for word in self.words)


@frozen
class PaletteEntry:
    """A line of the palette; without `do` it is the head of a group. `run` is what Ctrl+Enter does.

    At its right stand `keys`, or a status: its icon, its colour and a word.
    """

    text: str
    icon: str = ""
    colour: str = "text2"
    more: str = ""
    keys: str = ""
    status: tuple[str, str, str] | None = None
    name: str = ""
    do: Callable[[], object] | None = None
    run: Callable[[], object] | None = None


@frozen
class PaletteSource:
    """`find` is called on the thread of the commands; `do` and `run` of what it finds on that of the window."""

    heading: str
    find: Callable[[AppContext, PaletteQuery], list[PaletteEntry]]


class ShownWindow(Protocol):
    """The window, as what stands beside it knows it."""

    context: AppContext

    @property
    def is_aside(self) -> bool:
        """It was closed, and is kept."""

    def open_target(self, target: str) -> None:
        """It comes to the front, and shows what a link or a file is of; for an empty one what it shows anyway."""

    def show_now(self) -> None:
        """It comes to the front, with what goes on."""

    def quit(self) -> None:
        """The program ends, after a question where there is one."""


class Companion(QObject):
    """What a feature keeps beside the window: made once for the process, when the window is filled."""

    def follow(self, window: ShownWindow | None) -> None:
        """That is the one that is shown now; None: of what it shows there is nothing to tell."""
        raise NotImplementedError

    def keeps(self, window: ShownWindow) -> bool:
        """A person who closes the window wants to keep it, and can come back to it from here."""
        return False

    def close(self) -> None:
        """The program ends."""


@frozen
class ScreenshotSpec:
    """A picture of what an action shows over the feature's page: of the dialog, or of the whole window."""

    name: str
    action: str
    is_dialog: bool = True


@frozen
class Feature:
    """All that the rest of the window knows of it; `companion` is given its parent."""

    name: str
    page: PageSpec | None = None
    actions: tuple[ActionSpec, ...] = ()
    settings: tuple[UiSetting, ...] = ()
    palette: tuple[PaletteSource, ...] = ()
    screenshots: tuple[ScreenshotSpec, ...] = ()
    companion: Callable[[QObject], Companion] | None = None


def pages_of(features: Iterable[Feature]) -> tuple[PageSpec, ...]:
    return tuple(each.page for each in features if each.page is not None)


def actions_of(features: Iterable[Feature]) -> tuple[ActionSpec, ...]:
    """As the menus have them: those that go to pages too."""
    features = tuple(features)
    going = [
        ActionSpec(page.action, *((FILE, 2) if page.is_at_foot else (VIEW, 0)), page.title, page.icon, page.keys)
        for page in pages_of(features)
        if page.title
    ]
    return in_menu_order([*going, *(spec for each in features for spec in each.actions)])


def screenshot_names(features: Iterable[Feature]) -> tuple[str, ...]:
    """What can be drawn: each page, which shows its first tab, its other tabs, and what else a feature names."""
    found: list[str] = []
    for each in features:
        if each.page is not None:
            found += [each.page.name, *(tab.name for tab in each.page.tabs[1:])]
        found += [shot.name for shot in each.screenshots]
    return tuple(found)
