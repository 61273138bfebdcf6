"""Rows in SQLite. One module of functions per aggregate; nothing outside imports peewee."""
