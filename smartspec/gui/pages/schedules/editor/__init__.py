"""The schedule editor: what starts a workflow, when, and what that comes to."""
