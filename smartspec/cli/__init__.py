"""The terminal: one module per noun, each command one call into smartspec.commands."""
