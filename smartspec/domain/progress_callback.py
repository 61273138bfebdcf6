"""How something slow tells how far it is, and hears that it is not wanted any more."""

from collections.abc import Callable

from smartspec.errors import Stopped
from smartspec.messages import _

# Takes the part that is done, from 0 to 1; the answer is whether to go on.
ProgressCallback = Callable[[float], bool]


def ignore_progress(share: float) -> bool:
    """Nobody listens, and nobody stops it."""
    return True


def report_progress(on_progress: ProgressCallback, share: float) -> None:
    """Raises Stopped where it is not to go on."""
    if not on_progress(min(1.0, share)):
        raise Stopped(_("It was stopped before it was through; nothing was changed."))
