"""A version: one immutable text of a workflow's definition."""

import re
from collections.abc import Collection
from datetime import datetime

from smartspec.domain.ids import VersionPk, WorkflowPk
from smartspec.domain.jsontext import JsonObject
from smartspec.value import frozen

LONGEST_CHANGE_LOG = 2_000
_SEMANTIC = re.compile(r"(\d+)\.(\d+)\.(\d+)")


@frozen
class Version:
    """`number` counts from 1 in its workflow; `version` is the label; `definition` the text parsed, in its order."""

    pk: VersionPk
    workflow: WorkflowPk | None
    number: int
    version: str
    source: str
    source_format: str
    definition: JsonObject
    definition_hash: str
    param_schema: JsonObject | None
    out_schema: JsonObject | None
    change_log: str | None
    parent: VersionPk | None
    rolled_back_from: VersionPk | None
    created_by: str | None
    created_at: datetime
    text_only: bool = False


def same_text(one: str, other: str) -> bool:
    """Whether two sources are one text, newlines aside."""
    return normal_newlines(one) == normal_newlines(other)


def normal_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def next_label(wanted: str | None, taken: Collection[str]) -> str:
    """The label a new version gets: the wanted one where it is free, else the patch number after the highest x.y.z."""
    if wanted and wanted not in taken:
        return wanted
    numbers = [tuple(map(int, match.groups())) for label in taken if (match := _SEMANTIC.fullmatch(label))]
    if not numbers:
        return "1.0.0"
    major, minor, patch = max(numbers)
    return f"{major}.{minor}.{patch + 1}"
