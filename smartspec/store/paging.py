"""Keyset pages: where a list goes on is said by the keys of its last row."""

import re

from smartspec.errors import Invalid
from smartspec.messages import _

_KEY = re.compile(r"-?[0-9]{1,18}")


def next_key(*keys: int | str) -> str:
    return ".".join(str(key) for key in keys)


def cursor(text: str, parts: int = 1) -> tuple[str, ...]:
    """The keys in a `next` that a page gave. Raises Invalid for anything else."""
    keys = tuple(text.split("."))
    if len(keys) != parts or not all(_KEY.fullmatch(key) for key in keys):
        raise Invalid(_("“{text}” is not where a page goes on; pass the `next` of the page before.", text=text))
    return keys
