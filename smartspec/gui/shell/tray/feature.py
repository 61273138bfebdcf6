"""The icon in the notification area as a feature: it is made once the window is filled, and where there is a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import Companion, Feature, UiSetting
from smartspec.gui.shell.tray.setting import STAYS
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtCore import QObject


def _make(parent: QObject) -> Companion:
    from smartspec.gui.shell.tray.tray import Tray

    return Tray(parent)


FEATURE = Feature(
    "tray",
    settings=(
        UiSetting(
            STAYS, _("Notification area"), text=_("the window closes into it"),
            explanation=_("Its icon brings the window back, “Quit” ends the program; where no icon is, closing does."),
            synonyms=_("tray, icon, hide, minimize, background, close"),
        ),
    ),
    companion=_make,
)  # fmt: skip
