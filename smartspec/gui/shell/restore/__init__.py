"""The way back to a backup: what is chosen, what would be missing, and the steps."""
