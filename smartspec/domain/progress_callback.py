"""How something slow tells how far it is, and hears that it is not wanted any more."""

from collections.abc import Callable

from smartspec.errors import Stopped

# Takes the part that is done, from 0 to 1; the answer is whether to go on.
Tell = Callable[[float], bool]


def go_on(_: float) -> bool:
    """Nobody listens, and nobody stops it."""
    return True


def check(tell: Tell, share: float) -> None:
    """Raises Stopped where it is not to go on."""
    if not tell(min(1.0, share)):
        raise Stopped("It was stopped before it was through; nothing was changed.")
