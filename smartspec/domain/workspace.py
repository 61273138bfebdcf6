"""A separate set of workflows, tools and executions."""

from dataclasses import dataclass
from datetime import datetime

SAMPLES = "samples"  # the slug of the one that holds the sample data


@dataclass(frozen=True, slots=True)
class Workspace:
    pk: int
    id: str
    name: str
    slug: str
    is_default: bool
    created_at: datetime
