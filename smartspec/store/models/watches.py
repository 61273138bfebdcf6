"""What schedules that wait for files have seen, as rows."""

import peewee

from smartspec.store.database import database
from smartspec.store.models.fields import MomentField, Number, Text


class WatchRow(peewee.Model):
    schedule = peewee.IntegerField(primary_key=True)
    expression = Text()
    revision = Number()
    place = Text(null=True)
    device = Number(null=True)
    problem = Text()
    looked_at = MomentField()

    class Meta:
        database = database
        table_name = "schedule_watches"


class WatchedFileRow(peewee.Model):
    schedule = Number()
    name = peewee.BlobField()  # as the system has it
    modified_ns = Number()
    size = Number()
    inode = Number()
    changed_ns = Number()

    class Meta:
        database = database
        table_name = "watched_files"
        primary_key = peewee.CompositeKey("schedule", "name")
