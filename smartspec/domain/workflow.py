"""A workflow: a named thing that has versions, configs and executions."""

import re
from datetime import datetime

from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.ids import VersionPk, WorkflowPk, WorkspacePk
from smartspec.domain.invisible import check_one_line
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import frozen

DEFAULT_PACK = "default"
_PACK = re.compile(r"[A-Za-z0-9_-]{1,100}")


@frozen
class Workflow:
    pk: WorkflowPk
    id: str
    workspace: WorkspacePk
    pack: str
    ref: str
    name: str
    description: str | None
    category: str | None
    tags: tuple[str, ...]
    status: WorkflowStatus
    current_version: VersionPk | None
    last_number: int
    config: Json
    folder: str | None
    file: str | None
    created_by: str | None
    row_version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@frozen
class WorkingCopy:
    """A text that is not a version yet; `based_on` is the key of the version it was opened from."""

    workflow: WorkflowPk
    source: str
    source_format: str
    based_on: VersionPk | None
    updated_at: datetime


def check_name(name: str) -> str:
    """The name as it will be stored. Raises Invalid for one that is empty, too long or not to be seen whole."""
    name = check_one_line(name.strip(), _("The name of a workflow"), longest=200)
    if not name:
        raise Invalid(_("A workflow needs a name: any text of 1 to 200 characters."))
    return name


def check_pack(pack: str) -> str:
    """The pack. Raises Invalid for one with other characters, or too many."""
    check_one_line(pack, _("A pack"), 100)
    if not _PACK.fullmatch(pack):
        raise Invalid(_("“{pack}” cannot be a pack: use letters, digits, _ and - (at most 100).", pack=pack[:100]))
    return pack


def slug(name: str) -> str:
    """Lower case; letters and digits of any script stay, each run of anything else is one `-`, none at the ends."""
    runs = re.findall(r"[^\W_]+", name.lower())
    return "-".join(runs) or "workflow"
