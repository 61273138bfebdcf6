"""One difference between two executions, and how likely it explains the rest."""

from __future__ import annotations

from smartspec.domain.jsontext import Json
from smartspec.messages import Message, _
from smartspec.value import frozen

_LIKELIHOODS = ((85, _("very likely")), (60, _("likely")), (30, _("possible")), (0, _("unlikely")))


@frozen
class Finding:
    """One difference. `score` from 0 to 100 is how likely it explains the rest; `why` is the reason for that.

    `sentence` and `why` are to stand in a line, and are shown by `messages.translate`.
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
    def likelihood(self) -> Message:
        """The score in words, to stand in a line."""
        return next(word for least, word in _LIKELIHOODS if self.score >= least)
