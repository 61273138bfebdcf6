"""What differs between what surrounded two executions, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smartspec.domain.jsontext import Json
from smartspec.messages import N_, _, listed
from smartspec.value import frozen

# What tells of a shell, a terminal or a login rather than of the machine: it is another one each time, and programs
# that do work do not go by it. Where a definition names one of them it counts all the same.
_NOISE = frozenset({
    # a shell: where it is and was, how deep, its last command, its prompt
    "_", "PWD", "OLDPWD", "SHLVL", "PS1", "PS2", "PS4", "PROMPT", "PROMPT_COMMAND", "HISTFILE", "HISTSIZE",
    # a terminal: which, how large, in what multiplexer
    "TERM", "COLORTERM", "COLUMNS", "LINES", "WINDOWID", "WINDOWPATH", "GPG_TTY", "TTY", "TMUX", "TMUX_PANE", "STY",
    "TERMINAL_EMULATOR", "TILIX_ID", "WT_SESSION", "WT_PROFILE_ID", "INSIDE_EMACS", "LC_TERMINAL",
    "LC_TERMINAL_VERSION",
    # a login and its desktop: numbers of sessions, addresses of their sockets, tokens of a start
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SESSION_MANAGER", "DESKTOP_STARTUP_ID", "XDG_ACTIVATION_TOKEN",
    "XDG_VTNR", "SECURITYSESSIONID", "SESSIONNAME", "LOGONSERVER", "GNOME_KEYRING_CONTROL", "AT_SPI_BUS_ADDRESS",
    "GIO_LAUNCHED_DESKTOP_FILE", "GIO_LAUNCHED_DESKTOP_FILE_PID",
    # a service of systemd: one start of it
    "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "MANAGERPID", "NOTIFY_SOCKET",
})  # fmt: skip
_NOISE_PREFIXES = (
    "SSH_", "DBUS_", "TERM_", "VSCODE_", "GNOME_TERMINAL_", "KONSOLE_", "VTE_", "ITERM_", "KITTY_", "ALACRITTY_",
    "WEZTERM_", "GHOSTTY_", "ZELLIJ", "XDG_SESSION_", "XDG_SEAT", "LISTEN_", "XPC_",
)  # fmt: skip

_IS_SET, _IS_UNSET = N_("the variable {name} is set now"), N_("the variable {name} is not set any more")
_HAS_ANOTHER_VALUE = N_("the variable {name} has another value")


def is_noise(name: str) -> bool:
    """Whether a variable is another one with every shell, terminal or login."""
    return name in _NOISE or name.startswith(_NOISE_PREFIXES)


@frozen
class EnvironmentDifference:
    """`kind` is path, variable or kernel; `name` that of the variable; `volatile`: it is noise, see `is_noise`."""

    kind: str
    sentence: str
    name: str = ""
    volatile: bool = False


def differences(old: Json, new: Json) -> list[EnvironmentDifference]:
    """Nothing where either was not noted."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return []
    return [
        *_path(old, new),
        *_variables(_mapping(old), _mapping(new), comparable=old.get("key") == new.get("key")),
        *_kernel(old, new),
    ]


def _mapping(environment: Mapping[str, Json]) -> Mapping[str, str]:
    found = environment.get("variables")
    return found if isinstance(found, dict) else {}


def _path(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[EnvironmentDifference]:
    before, after = (str(each.get("path") or "").split(":") for each in (old, new))
    if before == after:
        return
    words = [_("without {folder}", folder=folder) for folder in before if folder not in after]
    words += [_("now with {folder}", folder=folder) for folder in after if folder not in before]
    how = listed(words or [_("the same folders in another order")])
    yield EnvironmentDifference("path", _("PATH changed: {how}", how=how))


def _variables(old: Mapping[str, str], new: Mapping[str, str], *, comparable: bool) -> Iterator[EnvironmentDifference]:
    """`comparable`: their hashes were made with the same key; those of two keys always differ."""
    for name in sorted({*old, *new} - {"PATH"}):
        if old.get(name) != new.get(name) and (comparable or name not in old or name not in new):
            how = _IS_SET if name not in old else _IS_UNSET if name not in new else _HAS_ANOTHER_VALUE
            yield EnvironmentDifference("variable", _(how, name=name), name, is_noise(name))


def _kernel(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[EnvironmentDifference]:
    if old.get("kernel") != new.get("kernel"):
        values = {"old": old.get("kernel"), "new": new.get("kernel")}
        yield EnvironmentDifference("kernel", _("the system changed: {old} → {new}", **values))
