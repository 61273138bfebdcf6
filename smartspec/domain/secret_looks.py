"""What a secret looks like: by the name of the variable that holds it, or by the value itself."""

from __future__ import annotations

import re

# How the name of a variable ends that holds one, run together with what stands before it: PGPASSWORD
SECRET_ENDING = r"(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)"
PASSWORD_IN_ADDRESS = r"://[^/\s:@]*:(?P<value>[^/\s@]+)@"
_TOKENS = (  # how they begin, by which they are known, and how they go on
    (r"gh[pousr]_", r"\w{16,}"), (r"github_pat_", r"\w{16,}"), (r"glpat-", r"[\w-]{16,}"), (r"sk-", r"[\w-]{16,}"),
    (r"xox[abprs]-", r"[\w-]{10,}"), (r"AKIA", r"[0-9A-Z]{12,}"), (r"eyJ[\w-]{8}", r"[\w-]{8,}\.[\w.-]+"),
)  # fmt: skip
WHOLE_TOKEN = rf"(?P<value>\b(?:{'|'.join(begin + rest for begin, rest in _TOKENS)}))"

_WORD = r"(?:AUTH|(?:ENCRYPTION|SIGNING)?KEY)"  # by itself, or behind an underline: no MONKEY
_ENDING = re.compile(rf"(?:[A-Z_]\w*)?{SECRET_ENDING}|(?:[A-Z_]\w*_)?{_WORD}", re.ASCII)
_ANY_WORD = re.compile(rf"{SECRET_ENDING}|{_WORD}")
_VALUE = re.compile(
    rf"{PASSWORD_IN_ADDRESS}|-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:{'|'.join(begin for begin, _rest in _TOKENS)})"
)
_NOT_SECRET = frozenset({"PWD", "OLDPWD", "SSH_AUTH_SOCK"})


def ends_secret(name: str) -> bool:
    """Whether a variable is called as a secret is, by the end of its name: PGPASSWORD, RESTIC_KEY."""
    return name.upper() not in _NOT_SECRET and bool(_ENDING.fullmatch(name.upper()))


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable is likely to hold what nobody should read in a database; any word of its name counts."""
    words = [] if name.upper() in _NOT_SECRET else name.upper().split("_")
    return ends_secret(name) or any(map(_ANY_WORD.fullmatch, words)) or bool(_VALUE.search(value))
