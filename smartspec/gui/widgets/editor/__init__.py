"""The editor of source text."""
