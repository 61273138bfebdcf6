"""A calendar file, as it was read last."""

import peewee

from smartspec.store.database import database
from smartspec.store.models.fields import JsonField, MomentField, Text


class CalendarRow(peewee.Model):
    path = peewee.TextField(primary_key=True)
    stretches = JsonField()
    seen = Text()
    read_at = MomentField()
    until = MomentField()
    problem = Text(null=True)

    class Meta:
        database = database
        table_name = "calendars"
