"""The languages that the program speaks, and which one: SMARTSPEC_LANG, else the setting, else the system's."""

from __future__ import annotations

import os
import re
import sys

from smartspec import messages, paths
from smartspec.messages import Catalogue

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "zh_CN": "中文"}  # each in its own words
VARIABLE = "SMARTSPEC_LANG"
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})  # another script, which no catalogue is written in
_current = ENGLISH


def known(name: str) -> str:
    """The one of LANGUAGES that the name of a locale means (`zh`, `zh_CN.UTF-8`, `zh-Hans`); English for others."""
    parts = re.split(r"[-_.@]", name.lower())
    return "zh_CN" if parts[0] == "zh" and not _TRADITIONAL.intersection(parts) else ENGLISH


def preferred(setting: str = "", system: str = "") -> str:
    """What to speak with `setting` saved; `system` is for a caller who knows the system's language better."""
    return known(os.environ.get(VARIABLE) or setting or system or _of_the_system())


def current() -> str:
    """The one of LANGUAGES that is spoken."""
    return _current


def use(language: str) -> None:
    """Speak it from now on, in the whole process; what is on the screen has to be drawn anew."""
    global _current
    chosen = known(language)
    if chosen != _current:
        messages.use_catalogue(_catalogue(chosen))
        _current = chosen


def _catalogue(language: str) -> Catalogue | None:
    """None where there is none, as for English."""
    if language == ENGLISH:
        return None
    from gettext import GNUTranslations

    try:
        with (paths.resources() / "translations" / f"{language}.mo").open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError):  # an installation that is not whole speaks English
        return None


def _of_the_system() -> str:
    """The name of the locale for messages (POSIX, 8.2); on Windows, where nobody set one, of the user's language."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""
