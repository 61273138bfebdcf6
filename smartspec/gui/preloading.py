"""The modules of the window that its start did without: imported while nobody waits for them."""

from __future__ import annotations

import gc
import pkgutil
from importlib import import_module

from smartspec import gui


def preload() -> None:
    """On any thread. A page, a tab or a dialog that is opened for the first time has only to be made then."""
    for each in pkgutil.walk_packages(gui.__path__, f"{gui.__name__}."):
        import_module(each.name)
    gc.freeze()  # they stay, as what the start made does
