"""Executions in tables: models, filters, and the page over all of them."""
