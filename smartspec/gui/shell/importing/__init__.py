"""Importing workflow files, with a preview of what each would make."""
