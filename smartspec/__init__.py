"""SmartSpec: the local workflow ledger. `record`, `run` and `executions` are imported when they are first used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smartspec.api import Record, Run, executions, record, run

__version__ = "0.1.0"
__all__ = ["Record", "Run", "__version__", "executions", "record", "run"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from smartspec import api

        return getattr(api, name)
    raise AttributeError(f"module 'smartspec' has no attribute '{name}'")
