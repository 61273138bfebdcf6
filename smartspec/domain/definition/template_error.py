"""What a template that cannot be read or evaluated fails with."""

from __future__ import annotations

from typing import cast


class TemplateError(Exception):
    """An expression that cannot be read or evaluated; `sentence` says why, to be shown by `messages.translate`."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)

    @property
    def sentence(self) -> str:
        return cast("str", self.args[0])
