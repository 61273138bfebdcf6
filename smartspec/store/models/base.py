"""A row with a key, of the one database."""

import peewee

from smartspec.store.database import database


class Row(peewee.Model):
    pk = peewee.AutoField()

    class Meta:
        database = database
        legacy_table_names = False
