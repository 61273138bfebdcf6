"""A separate set of workflows, tools and executions."""

from datetime import datetime

from smartspec.domain.ids import WorkspacePk
from smartspec.domain.invisible import check_one_line
from smartspec.errors import Invalid
from smartspec.messages import _
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


def check_workspace_name(name: str) -> str:
    """The name as it will be stored. Raises Invalid for one that is empty, too long or not to be seen whole."""
    name = check_one_line(name.strip(), _("The name of a workspace"), 200)
    if not name:
        raise Invalid(_("A workspace needs a name."))
    return name
