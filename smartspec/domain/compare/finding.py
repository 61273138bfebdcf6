"""One difference between two executions, and how likely it explains the rest."""

from __future__ import annotations

from smartspec.domain.jsontext import Json
from smartspec.value import frozen

_LIKELIHOODS = ((85, "very likely"), (60, "likely"), (30, "possible"), (0, "unlikely"))


@frozen
class Finding:
    """One difference. `score` from 0 to 100 is how likely it explains the rest; `why` is the reason for that.

    Of a setting or an input `key` is its name, `old` and `new` are its values.
    """

    kind: str  # definition, setting, input, environment, disk, output, duration or start
    sentence: str
    why: str
    score: int
    key: str = ""
    old: Json = None
    new: Json = None

    @property
    def likelihood(self) -> str:
        return next(word for least, word in _LIKELIHOODS if self.score >= least)
