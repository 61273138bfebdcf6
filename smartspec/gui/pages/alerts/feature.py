"""Alerts as a feature: a page in the rail, with a dot while one is raised.

A page that gathers more than alerts takes it in by its name as `parent`, and with `is_in_rail` off here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import Feature, Page, PageSpec
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from smartspec.gui.core.context import AppContext


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.alerts.page import AlertsPage

    return AlertsPage(context, parent)


def _needs_attention(_workspace: str) -> bool:
    """Alerts are of all workspaces."""
    from smartspec.commands import alerts
    from smartspec.domain import times

    return alerts.count_raised(times.now()) > 0


FEATURE = Feature(
    "alerts",
    PageSpec(
        "alerts", _make_page, _("Aler&ts"), "warning", ("Ctrl+Shift+A",),
        remembered_key="alert", needs_attention=_needs_attention,
    ),
)  # fmt: skip
