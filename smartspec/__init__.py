"""SmartSpec: the local workflow ledger. `record`, `run`, `executions` and `commands` are imported when first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smartspec.api import Record, Run, executions, record, run

__version__ = "0.1.0"
__all__ = ["Record", "Run", "__version__", "executions", "record", "run"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from smartspec import api

        return getattr(api, name)
    if name == "commands":
        return import_module("smartspec.commands")
    raise AttributeError(f"module 'smartspec' has no attribute '{name}'")
