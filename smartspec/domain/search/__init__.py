"""What a list is asked for: the query language, its filters, and the words of the full-text index."""
