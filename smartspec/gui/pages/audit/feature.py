"""The audit trail as a feature: a page in the menu View, and what goes there from a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import Feature, Page, PageSpec
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from smartspec.gui.core.context import AppContext


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.audit.page import AuditPage

    return AuditPage(context, parent)


FEATURE = Feature(
    "audit",
    PageSpec("audit", _make_page, _("&Audit trail"), "clipboard-text", parent="workflows", is_in_rail=False),
)
