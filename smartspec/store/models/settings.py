"""A setting of the application, and what is noted of the file, as rows."""

import peewee

from smartspec.store.database import database
from smartspec.store.models.fields import JsonField, Text


class SettingRow(peewee.Model):
    key = peewee.TextField(primary_key=True)
    value = JsonField()

    class Meta:
        database = database
        table_name = "settings"


class MetadataRow(peewee.Model):
    key = peewee.TextField(primary_key=True)
    value = Text()

    class Meta:
        database = database
        table_name = "metadata"
