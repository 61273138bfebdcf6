"""A name for a command line: that of the program which it is about."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import PurePosixPath

_LONGEST = 60
_BEFORE = frozenset({  # programs whose arguments are another program
    "sudo", "nice", "ionice", "flock", "timeout", "env", "nohup", "chronic", "exec", "time", "setsid", "command",
    "chpst", "systemd-cat", "cronitor", "stdbuf", "run-one", "sh", "bash", "zsh", "dash", "ksh",
})  # fmt: skip
_NOT_THE_POINT = frozenset(
    {"cd", "test", "[", "[[", "export", ".", "source", "umask", "ulimit", "sleep", "set", "true", ":"}
)
_LOCK_FILE = re.compile(r"/(var/lock|run/lock|var/run|run|tmp)/|.*\.lock$")
_INTERPRETERS = re.compile(r"(python|perl|ruby|node|php|Rscript|java)[\d.]*")
_WITH_VALUE = frozenset({"-u", "-g", "-t", "-s", "-k", "--user", "--group"})  # options of those
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_SUFFIX = re.compile(r"(?<=.)\.(sh|bash|py|pl|rb|js|php|R|jar)$")
_BETWEEN = frozenset({"&&", "||", ";", "|", "(", "{", "&", ";;"})


def job_name(command: str, taken: Iterable[str]) -> str:
    """`backup` of `/home/mira/bin/backup.sh`; with a number where the name is taken, letter case aside."""
    name = next(iter(_programs(command)), "") or "job"
    used = {each.lower() for each in taken}
    number, found = 1, name
    while found.lower() in used:
        number += 1
        found = f"{name} {number}"
    return found


def _programs(command: str) -> Iterable[str]:
    for words in _simple_commands(command):
        if words and (program := _program(words)):
            yield program


def _simple_commands(command: str) -> Iterable[list[str]]:
    """The words of each command between `;`, `&&` and the like, without those in front that decide or set something."""
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
        lexer.whitespace_split, lexer.commenters = True, "#"
        words = list(lexer)
    except ValueError:  # a quote that is not closed
        words = command.split()
    simple: list[str] = []
    for word in [*words, ";"]:
        if word in _BETWEEN:
            yield simple
            simple = []
        else:
            simple.append(word)


def _program(words: list[str]) -> str:
    while words and (_ASSIGNMENT.fullmatch(words[0]) or _is_before(words[0])):
        is_option_of = _is_before(words[0])
        words = words[1:]
        while is_option_of and words and (words[0].startswith("-") or _looks_like_value(words[0])):
            if words[0] == "-c" and len(words) > 1:  # sh -c 'command'
                return next(iter(_programs(words[1])), "")
            words = words[2 if words[0] in _WITH_VALUE else 1 :]
    if not words or _base(words[0]) in _NOT_THE_POINT:
        return ""
    if _INTERPRETERS.fullmatch(_base(words[0])):
        script = next((word for word in words[1:] if not word.startswith("-")), words[0])
        return _named(script)
    return _named(words[0])


def _is_before(word: str) -> bool:
    return _base(word) in _BEFORE


def _looks_like_value(word: str) -> bool:
    """Of an option: `-n 10`, `30s`, a file to lock."""
    return bool(re.fullmatch(r"\d+[smhd]?", word) or (_LOCK_FILE.match(word) and not _SUFFIX.search(word)))


def _named(word: str) -> str:
    name = _SUFFIX.sub("", _base(word))
    return "".join(each for each in name if each.isprintable()).strip("\"'`$(){} ")[:_LONGEST].strip()


def _base(word: str) -> str:
    return PurePosixPath(word).name or word
