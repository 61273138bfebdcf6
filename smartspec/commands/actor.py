"""Who did it, for the record."""

import getpass
from functools import lru_cache

from smartspec.domain.execution import Execution
from smartspec.domain.reasons import CANCELLED_BY


@lru_cache
def user() -> str:
    """The name of the person at this account."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def cancel_reason(execution: Execution) -> str:
    """What is kept of a cancel: by whom, unless by who started it."""
    name = user()
    return CANCELLED_BY if execution.triggered_by == name else f"{CANCELLED_BY}: {name}"
