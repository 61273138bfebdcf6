"""What the palette finds of settings: by name, and by what else they are called."""

from __future__ import annotations

from functools import partial

from smartspec.gui.contract import PaletteEntry, PaletteQuery
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.settings.item import Item, items
from smartspec.messages import translate

_MOST = 5


def find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    """Nothing where nothing was typed, or executions are meant."""
    if not query.words or query.text.startswith("#"):
        return []
    fitting = [each for each in items(context.ui_settings) if query.fits(_words(each))]
    return [_entry(context, each) for each in fitting[:_MOST]]


def _words(item: Item) -> str:
    return f"{translate(item.title)} {translate(item.synonyms)}"


def _entry(context: AppContext, item: Item) -> PaletteEntry:
    go = partial(context.navigator.go, Location("settings", item.key))
    return PaletteEntry(translate(item.title), "gear", more=translate(item.explanation), do=go)
