"""The table of executions, its filters and its columns."""
