"""Who did it, for the record."""

import getpass
from functools import lru_cache


@lru_cache
def user() -> str:
    """The name of the person at this account."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
