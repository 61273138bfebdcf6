"""SmartSpec: the local workflow ledger. `record`, `run`, `executions` and `call` are imported when first used."""

from __future__ import annotations

TYPE_CHECKING = False  # as `typing` has it, whose import takes time in which Ctrl-C would show a traceback
if TYPE_CHECKING:
    from typing import Any

    from smartspec.api import Record, Run, executions, record, run
    from smartspec.compat import call

__version__ = "0.1.0"
__all__ = ["Record", "Run", "__version__", "call", "executions", "record", "run"]


def __getattr__(name: str) -> Any:
    if name == "call":
        from smartspec.compat import call

        return call
    if name in __all__:
        from smartspec import api

        return getattr(api, name)
    raise AttributeError(f"module 'smartspec' has no attribute '{name}'")
