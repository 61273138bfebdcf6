"""What is typed into the settings of a workflow and not saved yet: kept by itself, whatever is shown meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from smartspec.domain.jsontext import as_mapping
from smartspec.gui.core.ui_state import UiState

_KEPT_AS = "config.unsaved"


class UnsavedSettings:
    """Until it is saved or cancelled; also over another workspace, and the end of the program."""

    def __init__(self, ui_state: UiState) -> None:
        self._ui_state = ui_state

    @property
    def _of_all(self) -> dict[str, object]:
        kept: dict[str, object] = self._ui_state.get(_KEPT_AS, {})
        return kept

    def of(self, workflow: str) -> dict[str, str]:
        """The texts, by key."""
        return {key: text for key, text in as_mapping(self._of_all.get(workflow)).items() if isinstance(text, str)}

    def keep(self, workflow: str, typed: Mapping[str, str]) -> None:
        others = {id_: each for id_, each in self._of_all.items() if id_ != workflow}
        self._ui_state.keep(_KEPT_AS, {**others, workflow: dict(typed)} if typed else others)
