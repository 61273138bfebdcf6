"""The page Workflows."""
