"""The modules of the window that its start did without: imported while nobody waits for them."""

from __future__ import annotations

import gc
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module


def preload_commands() -> None:
    """On any thread: what pages and dialogs ask and know. Nothing of Qt is among it."""
    for package in ("smartspec.domain", "smartspec.commands"):
        for name in _modules_of(package):
            import_module(name)


def preload_window() -> Iterator[None]:
    """On the thread of the window, where classes of Qt are made: a module a step. A page, a tab or a dialog that is
    opened for the first time has only to be made then. For the next ledger of a process all of them are there.
    """
    is_new = False
    for name in _modules_of("smartspec.gui"):
        is_new = is_new or name not in sys.modules
        import_module(name)
        yield
    if is_new:  # they stay, as what the start made does; a window that was left meanwhile does not
        gc.freeze()


def _modules_of(package: str) -> Iterator[str]:
    return (each.name for each in pkgutil.walk_packages(import_module(package).__path__, f"{package}."))
