"""The page of one execution."""
