"""What a template that cannot be read or evaluated fails with."""

from __future__ import annotations


class TemplateError(Exception):
    """An expression that cannot be read or evaluated; the message is a sentence."""
