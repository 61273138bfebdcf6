"""Numbers as people type them: with the separators of their language, full-width digits, or letters for digits."""

from __future__ import annotations

import re
import unicodedata

from PySide6.QtCore import QLocale

_CANONICAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_GROUPED = re.compile(r"[-+]?\d{1,3}([,' ]\d{3})+(\.\d+)?")
_LIKE_DIGITS = str.maketrans("OoIlSB", "001158")


def read_number(text: str) -> str | None:
    """The number that a text stands for, as JSON writes it; None where it is no number.

    What JSON would read is read so; then as the language writes numbers; then with groups of three digits.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if _CANONICAL.fullmatch(plain):
        return plain
    local = _in_locale(plain)
    if local is not None:
        return local
    if _GROUPED.fullmatch(plain):
        return re.sub("[,' ]", "", plain)
    return None


def _in_locale(plain: str) -> str | None:
    locale = QLocale()
    point = locale.decimalPoint()
    if point == "." or point not in plain:  # groups are read below, wherever they stand rightly
        return None
    value, is_number = locale.toDouble(plain)
    return f"{value:.15g}" if is_number else None


def guess_number(text: str) -> str:
    """The number that somebody meant who typed letters for digits, a comma, or the unit with it; empty: no idea."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for meant in (plain.translate(_LIKE_DIGITS), re.sub(r"(?<=\d)\s*[^\W\d_%]*%?$", "", plain)):
        meant = re.sub(r"\s", "", meant).replace(",", ".")
        if _CANONICAL.fullmatch(meant) and meant != text:
            return meant
    return ""


_UNITS = {
    "ms": "ms", "milliseconds": "ms", "s": "seconds", "sec": "seconds", "secs": "seconds", "second": "seconds",
    "seconds": "seconds", "min": "minutes", "mins": "minutes", "minutes": "minutes", "h": "hours", "hours": "hours",
    "days": "days", "weeks": "weeks", "months": "months", "years": "years", "percent": "%", "pct": "%",
    "bytes": "bytes", "kb": "kB", "kib": "KiB", "mb": "MB", "mib": "MiB", "gb": "GB", "gib": "GiB", "tb": "TB",
    "mbit": "Mbit", "mbps": "Mbit/s", "rows": "rows", "lines": "lines", "items": "items", "files": "files",
}  # fmt: skip


def unit_in_name(name: str) -> str:
    """The unit that the last word of a name says, as in keep_days or limit_mb; empty where it says none."""
    words = re.split(r"[_\W]+", name)
    return _UNITS.get(words[-1].lower(), "") if len(words) > 1 else ""
