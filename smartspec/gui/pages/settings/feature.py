"""Settings as a feature: a page of its own, the last in the rail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import Feature, Page, PageSpec
from smartspec.messages import _

if TYPE_CHECKING:
    from smartspec.gui.core.context import AppContext


def _make_page(context: AppContext) -> Page:
    from smartspec.gui.pages.settings.page import SettingsPage

    return SettingsPage(context)


FEATURE = Feature("settings", PageSpec("settings", _make_page, _("Se&ttings"), "gear", ("Ctrl+,",), is_at_foot=True))
