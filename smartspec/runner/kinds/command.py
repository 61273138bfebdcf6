"""`command:` a program and its arguments, without a shell."""

from smartspec.domain.jsontext import as_list
from smartspec.runner.kinds.start import Start


def prepare(start: Start) -> tuple[list[str], bytes | None]:
    """The argv (its values are text by now) and the standard input (None: empty)."""
    return [str(word) for word in as_list(start.body["command"])], None
