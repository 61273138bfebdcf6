"""A workspace as a row."""

from smartspec.store.models.base import Row
from smartspec.store.models.fields import FlagField, MomentField, Text


class WorkspaceRow(Row):
    id = Text()
    name = Text()
    slug = Text()
    is_default = FlagField()
    created_at = MomentField()

    class Meta:
        table_name = "workspaces"
