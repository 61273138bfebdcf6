"""What the login items of the runners are called, and which words can stand in one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

from smartspec.domain.invisible import escape_invisible
from smartspec.domain.text import escape_undecodable
from smartspec.errors import Invalid
from smartspec.messages import _

PREFIX = "smartspec-runner-"


def name_of(database: str) -> str:
    """One name for each ledger: two of them have two runners."""
    return PREFIX + hashlib.sha256(os.fsencode(database)).hexdigest()[:8]


def check_words(argv: Sequence[str]) -> None:
    """Raises Invalid for a word that not every form can hold: with control characters, or bytes that are no UTF-8."""
    for word in argv:
        if escape_undecodable(word) != word or any(ord(letter) < 32 or ord(letter) == 127 for letter in word):
            shown = escape_invisible(escape_undecodable(word))
            raise Invalid(_("“{path}” has characters that the start at login cannot name.", path=shown))
