"""Runs executions: claims them, starts their processes, and records every step through commands."""
