"""When a runner looks at the limits: each minute at all, and soon after a commit at what that may have changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from smartspec.commands import alert_look, runs
from smartspec.domain import times
from smartspec.errors import StorageError
from smartspec.messages import _

WHOLE_EVERY_S = 60.0
AGAIN_EVERY_S = 5.0  # at the most
_REST = 50  # times what a look took: where thousands are open, it takes a fiftieth of a core
_NEVER = -1  # no version of the data
logger = logging.getLogger(__name__)


class AlertWatch:
    """`turn` is one look, or none; `looked_since` says from when on somebody has looked at schedules without a gap.

    Where it says None nobody has for a while, as on a machine that just woke: what slept is not late, and waits.
    """

    def __init__(
        self, looked_since: Callable[[], datetime | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._looked_since, self._clock = looked_since, clock
        self._seen = _NEVER
        self._next_whole = self._next_again = float("-inf")

    def turn(self) -> float:
        """In how many seconds the next one is due at the latest; sooner where anything is written."""
        try:
            is_behind = self._look()
        except StorageError as error:
            logger.warning(_("Limits cannot be looked at: {error}", error=error))
            return AGAIN_EVERY_S
        except Exception:  # the edge of a thread: one look fails, not all that follow
            logger.exception("a look at the limits")
            return WHOLE_EVERY_S
        following = self._next_again if is_behind else max(self._next_whole, self._next_again)
        return max(0.0, following - self._clock())

    def _look(self) -> bool:
        """Whether something was written that is looked at later."""
        version, now, since = runs.data_version(), self._clock(), self._looked_since()
        is_whole = now >= self._next_whole
        if not is_whole and version == self._seen:
            return False
        if since is None:
            self._next_again = now + AGAIN_EVERY_S
        if now < self._next_again:
            return True
        if is_whole:
            self._next_whole = now + WHOLE_EVERY_S
            alert_look.look(times.now(), since)
        else:
            alert_look.look_again(times.now(), since)
        took = self._clock() - now
        self._seen, self._next_again = version, now + max(AGAIN_EVERY_S, _REST * took)
        return False
