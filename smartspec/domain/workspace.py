"""A separate set of workflows, tools and executions."""

from datetime import datetime

from smartspec.domain.ids import WorkspacePk
from smartspec.value import frozen

SAMPLES = "samples"  # the slug of the one that holds the sample data


@frozen
class Workspace:
    pk: WorkspacePk
    id: str
    name: str
    slug: str
    is_default: bool
    created_at: datetime
