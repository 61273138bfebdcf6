"""Keys of rows, a type for each table; and public ids: UUIDv7, ordered by time (RFC 9562 §5.7)."""

import os
import re
import time
from collections.abc import Iterator
from typing import NewType

WorkspacePk = NewType("WorkspacePk", int)
WorkflowPk = NewType("WorkflowPk", int)
VersionPk = NewType("VersionPk", int)
ConfigPk = NewType("ConfigPk", int)
ConfigChangePk = NewType("ConfigChangePk", int)
ExecutionPk = NewType("ExecutionPk", int)
TaskExecutionPk = NewType("TaskExecutionPk", int)
EventPk = NewType("EventPk", int)
RunnerPk = NewType("RunnerPk", int)
EnvironmentPk = NewType("EnvironmentPk", int)
ToolPk = NewType("ToolPk", int)
SchedulePk = NewType("SchedulePk", int)
FiringPk = NewType("FiringPk", int)
JobPk = NewType("JobPk", int)
AlertPk = NewType("AlertPk", int)

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    return _id(time.time_ns() // 1_000_000, os.urandom(10))


def new_ids(count: int) -> Iterator[str]:
    """Many at once."""
    now, chance = time.time_ns() // 1_000_000, os.urandom(10 * count)
    return (_id(now, chance[at : at + 10]) for at in range(0, 10 * count, 10))


def _id(ms: int, chance: bytes) -> str:
    bits = ms << 80 | int.from_bytes(chance, "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def ms_of(id_: str) -> int:
    """When it was made, in milliseconds since the epoch."""
    return int(id_[:8] + id_[9:13], 16)
