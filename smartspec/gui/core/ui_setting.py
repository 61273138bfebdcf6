"""A choice that the window keeps for itself, as a feature declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.value import frozen

if TYPE_CHECKING:
    from smartspec.domain.jsontext import Json  # 20 ms of a start


@frozen
class UiSetting:
    """A choice that the state of the window keeps under `key`: a value and its text each, the first where none is made.

    One without choices is a switch; `text` stands beside it. `group` is one of those of the page of settings,
    `explanation` one sentence on what it does, `synonyms` are what else it is looked for by.
    """

    key: str
    title: str
    choices: tuple[tuple[Json, str], ...] = ()
    text: str = ""
    group: str = "general"
    explanation: str = ""
    synonyms: str = ""

    @property
    def default(self) -> Json:
        return self.choices[0][0] if self.choices else False
