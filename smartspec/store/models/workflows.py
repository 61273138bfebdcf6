"""A workflow, its versions and its working copy as rows."""

import peewee

from smartspec.domain.engine import states
from smartspec.store.database import database
from smartspec.store.models.base import Row
from smartspec.store.models.fields import JsonField, MomentField, Number, TagsField, Text, WordField


class WorkflowRow(Row):
    id = Text()
    workspace = Number()
    pack = Text()
    ref = Text()
    name = Text()
    description = Text(null=True)
    category = Text(null=True)
    tags = TagsField()
    status = WordField(states.WorkflowStatus)
    current_version = Number(null=True)
    last_number = Number()
    config = JsonField(null=True)
    folder = Text(null=True)
    file = Text(null=True)
    preferences = JsonField(null=True)
    created_by = Text(null=True)
    row_version = Number()
    created_at = MomentField()
    updated_at = MomentField()
    deleted_at = MomentField(null=True)

    class Meta:
        table_name = "workflows"


class VersionRow(Row):
    workflow = Number(null=True)
    number = Number()
    version = Text()
    source = Text()
    source_format = Text()
    definition = JsonField()
    definition_hash = Text()
    param_schema = JsonField(null=True)
    out_schema = JsonField(null=True)
    change_log = Text(null=True)
    parent = Number(null=True)
    rolled_back_from = Number(null=True)
    created_by = Text(null=True)
    created_at = MomentField()
    chain_hash = Text(null=True)

    class Meta:
        table_name = "workflow_versions"


class WorkingCopyRow(peewee.Model):
    workflow = peewee.IntegerField(primary_key=True)
    source = Text()
    source_format = Text()
    based_on = Number(null=True)
    updated_at = MomentField()

    class Meta:
        database = database
        table_name = "working_copies"
