"""History as a feature: the page that the search at the top goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import FILE, ActionSpec, Feature, Page, PageSpec
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from smartspec.gui.core.context import AppContext


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.history.page import HistoryPage

    return HistoryPage(context, parent)


FEATURE = Feature(
    "history",
    PageSpec("history", _make_page, _("&History"), "clock-counter-clockwise", ("Ctrl+2",), takes_search=True),
    actions=(ActionSpec("export_history", FILE, 0, _("Export e&xecutions…"), "share-network", ("Ctrl+Shift+S",)),),
)
