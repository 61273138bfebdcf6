"""From the text of a workflow file to a tree with positions.

Nothing is composed before it was counted, so that no text, however hostile, takes long or much memory.
"""

import re

from smartspec.domain.definition.jsontree import parse_json
from smartspec.domain.definition.nodes import Node, SourcePosition, parse_error, position_at
from smartspec.messages import N_, Message, _, listed

MOST_BYTES = 1_048_576
FORMATS = ("yaml", "json")
_HALF_OF_ONE = N_("The file holds half of a character (a lone surrogate).")
_HALF = re.compile("[\ud800-\udfff]")
_NUL = N_("The file holds a NUL byte; save it as UTF-8 text.")


def parse(source: str, source_format: str = "yaml") -> Node:
    """The tree of a text. Raises Invalid with the problem that stopped it, with line and column."""
    if len(source) > MOST_BYTES or len(source.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise parse_error(_("The file is larger than 1 MiB, the most a workflow may have."), SourcePosition(1, 1))
    if "\0" in source:
        raise parse_error(_(_NUL), position_at(source, source.index("\0")))
    if (half := _HALF.search(source)) is not None:
        raise parse_error(
            _("The file holds half of a character (a lone surrogate)."), position_at(source, half.start())
        )
    if (why := wrong_format(source_format)) is not None:
        raise parse_error(why, SourcePosition(1, 1))
    text = source.removeprefix("\ufeff")
    if source_format == "json":
        return parse_json(text)
    from smartspec.domain.definition.yamltree import parse_yaml  # PyYAML is for texts in YAML

    return parse_yaml(text)


def wrong_format(source_format: str) -> Message | None:
    """What to say of a format that there is not."""
    if source_format in FORMATS:
        return None
    return _(
        "“{name}” cannot be “{value}”: it is one of {words}.",
        name="format", value=source_format, words=listed(FORMATS),
    )  # fmt: skip
