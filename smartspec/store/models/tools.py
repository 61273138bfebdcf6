"""A tool as a row."""

from smartspec.store.models.base import Row
from smartspec.store.models.fields import FlagField, JsonField, MomentField, Number, TagsField, Text


class ToolRow(Row):
    id = Text()
    workspace = Number()
    name = Text()
    description = Text(null=True)
    tool_type = Text()
    version = Text()
    input_schema = JsonField()
    output_schema = JsonField()
    config = JsonField()
    execution_config = JsonField()
    tags = TagsField()
    category = Text(null=True)
    enabled = FlagField()
    workflow = Number(null=True)
    source = Text(null=True)
    hash = Text(null=True)
    last_number = Number()
    row_version = Number()
    registered_at = MomentField()
    created_at = MomentField()
    updated_at = MomentField()
    deleted_at = MomentField(null=True)

    class Meta:
        table_name = "tools"
