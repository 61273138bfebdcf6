"""Peewee's view of the tables, one module an aggregate. Private to the store."""
