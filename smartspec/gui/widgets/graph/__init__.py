"""The graph of a definition."""
