"""What differs between what surrounded two executions, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smartspec.domain.jsontext import Json

# Variables of a session rather than of the machine: they change with every login and terminal.
_VOLATILE = frozenset({
    "_", "PWD", "OLDPWD", "SHLVL", "TERM", "COLORTERM", "COLUMNS", "LINES", "WINDOWID", "DISPLAY", "WAYLAND_DISPLAY",
    "INVOCATION_ID", "JOURNAL_STREAM", "XDG_SESSION_ID", "TMUX", "TMUX_PANE", "STY", "GPG_TTY", "PS1",
})  # fmt: skip
_VOLATILE_PREFIXES = ("SSH_", "DBUS_", "TERM_", "VSCODE_", "GNOME_TERMINAL_", "KONSOLE_", "VTE_")


@dataclass(frozen=True, slots=True)
class Surrounding:
    """`kind` is path, variable or kernel; `name` that of the variable; `volatile`: it differs from login to login."""

    kind: str
    sentence: str
    name: str = ""
    volatile: bool = False


def differences(old: Json, new: Json) -> list[Surrounding]:
    """Nothing where either was not noted."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return []
    return [*_path(old, new), *_variables(_mapping(old), _mapping(new)), *_kernel(old, new)]


def _mapping(environment: Mapping[str, Json]) -> Mapping[str, str]:
    found = environment.get("variables")
    return found if isinstance(found, dict) else {}


def _path(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Surrounding]:
    before, after = (str(each.get("path") or "").split(":") for each in (old, new))
    if before == after:
        return
    words = [f"without {folder}" for folder in before if folder not in after]
    words += [f"now with {folder}" for folder in after if folder not in before]
    yield Surrounding("path", f"PATH changed: {', '.join(words) or 'the same folders in another order'}")


def _variables(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Surrounding]:
    for name in sorted({*old, *new} - {"PATH"}):
        if old.get(name) != new.get(name):
            how = "is set now" if name not in old else "is not set any more" if name not in new else "has another value"
            volatile = name in _VOLATILE or name.startswith(_VOLATILE_PREFIXES)
            yield Surrounding("variable", f"the variable {name} {how}", name, volatile)


def _kernel(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Surrounding]:
    if old.get("kernel") != new.get("kernel"):
        yield Surrounding("kernel", f"the system changed: {old.get('kernel')} → {new.get('kernel')}")
