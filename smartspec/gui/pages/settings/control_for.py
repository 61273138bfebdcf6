"""Which control a setting is chosen with."""

from __future__ import annotations

from smartspec.gui.pages.settings.control import (
    ChoiceControl,
    Control,
    FolderControl,
    LineControl,
    SwitchControl,
    TriedControl,
)
from smartspec.gui.pages.settings.item import DESKTOP, FOLDER, QUIET, Item
from smartspec.gui.pages.settings.telling.quiet_control import QuietControl
from smartspec.gui.widgets.buttons import button
from smartspec.messages import tr


def control_for(item: Item, open_folder: object) -> Control:
    """`open_folder` opens the data folder."""
    if item.key == DESKTOP:
        return TriedControl(item)
    if item.key == QUIET:
        return QuietControl(item)
    if item.key == FOLDER:
        made = button(tr("Open"))
        made.clicked.connect(open_folder)
        return FolderControl(item, made)
    if item.choices:
        return ChoiceControl(item)
    return SwitchControl(item) if item.is_switch else LineControl(item)
