"""The workflow file: its text, its model, what is wrong with it, and what its templates mean."""
