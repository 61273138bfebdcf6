"""What the tab Config reads: the settings of a workflow, now or as they were at a moment."""

from __future__ import annotations

from datetime import datetime

from smartspec.commands import configs
from smartspec.domain.config import ConfigChange, Setting, ValueType
from smartspec.domain.jsontext import Json
from smartspec.value import frozen


@frozen
class SettingsRead:
    """`changes` are the last ones, by key."""

    settings: tuple[Setting, ...]
    changes: dict[str, ConfigChange]


def read_settings(ref: str, as_of: datetime | None, workspace: str) -> SettingsRead:
    """Raises what `list_configs` does; `as_of` None is now, with the last change of each."""
    found = configs.list_configs(ref, workspace)
    if as_of is None:
        changes = configs.config_history(ref, workspace=workspace)
        return SettingsRead(found, {each.key: each for each in reversed(changes)})
    then = configs.configs_as_of(ref, as_of, workspace)
    known = {each.key: each for each in found}
    return SettingsRead(tuple(_then(key, then, known.get(key)) for key in dict.fromkeys([*known, *then])), {})


def _then(key: str, then: dict[str, Json], now: Setting | None) -> Setting:
    """A setting with the value it had at a moment."""
    kind = now.value_type if now else ValueType.JSON
    declared, default = (now.declared, now.default) if now else (False, None)
    value, source = (then[key], "saved") if key in then else (default, "default")
    return Setting(key, kind, value, source, declared, default, now.description if now else None, None)
