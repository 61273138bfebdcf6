"""Settings as a feature: a page of its own, the last in the rail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import Feature, Page, PageSpec, PaletteEntry, PaletteQuery, PaletteSource
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from smartspec.gui.core.context import AppContext


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.settings.page import SettingsPage

    return SettingsPage(context, parent)


def _find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    from smartspec.gui.pages.settings.palette import find

    return find(context, query)


FEATURE = Feature(
    "settings",
    PageSpec("settings", _make_page, _("Se&ttings"), "gear", ("Ctrl+,",), is_at_foot=True),
    palette=(PaletteSource(_("Settings"), _find),),
)
