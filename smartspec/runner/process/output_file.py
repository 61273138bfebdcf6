"""What a process wrote to the file named by $SMARTSPEC_OUTPUT."""

import errno
import json
import os
import stat
from pathlib import Path

from smartspec.domain.jsontext import Json, dump
from smartspec.errors import Invalid

LONGEST = 1_048_576


class OutputError(Exception):
    """The file does not hold what it should; the message is a sentence."""


def read_outputs(path: Path) -> dict[str, Json]:
    """One JSON object, or `key=value` lines where the last wins and `key<<END` begins several lines.

    Raises OutputError. A file that was not written is an empty one.
    """
    try:
        raw = _raw(path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OutputError(_why_unreadable(path, error)) from error
    if len(raw) > LONGEST:
        raise OutputError("More than 1 MiB was written to $SMARTSPEC_OUTPUT.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OutputError(f"What was written to $SMARTSPEC_OUTPUT is not UTF-8 (byte {error.start}).") from error
    if "\0" in text:
        raise OutputError("What was written to $SMARTSPEC_OUTPUT holds a NUL byte.")
    found = _object(text) if text.lstrip().startswith("{") else _lines(text)
    try:
        dump(found)
    except Invalid as error:
        raise OutputError(f"What was written to $SMARTSPEC_OUTPUT cannot be kept: {error}") from error
    return found


def _raw(path: Path) -> bytes:
    """One byte more than may be there. Whatever a task put in the file's place: nothing is waited for or followed."""
    _check_regular(os.lstat(path).st_mode)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        _check_regular(os.fstat(descriptor).st_mode)
        parts: list[bytes] = []
        while (room := LONGEST + 1 - sum(map(len, parts))) and (part := os.read(descriptor, room)):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _check_regular(mode: int) -> None:
    """Raises OutputError."""
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    if not stat.S_ISREG(mode):
        what = kinds.get(stat.S_IFMT(mode), "a device")
        raise OutputError(
            f"$SMARTSPEC_OUTPUT is {what} now; write into the file itself, as with `>> $SMARTSPEC_OUTPUT`."
        )


def _why_unreadable(path: Path, error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return f"The way to $SMARTSPEC_OUTPUT is no folder any more: {path.parent}."
    return f"What was written to $SMARTSPEC_OUTPUT cannot be read: {(error.strerror or str(error)).lower()}."


def _object(text: str) -> dict[str, Json]:
    def refuse(constant: str) -> Json:
        raise OutputError(f"The JSON in $SMARTSPEC_OUTPUT holds {constant}.")

    try:
        value = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise OutputError(
            f"What was written to $SMARTSPEC_OUTPUT begins with {{ but is no JSON object: {error}."
        ) from error
    assert isinstance(value, dict)
    return value


def _lines(text: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        if not line.strip():
            continue
        key, equals, value = line.partition("=")
        heredoc_key, heredoc, end = line.partition("<<")
        if heredoc and "=" not in heredoc_key:
            found[_key(heredoc_key, line)] = _until(lines, end.strip())
        elif equals:
            found[_key(key, line)] = value
        else:
            raise OutputError(f"A line of $SMARTSPEC_OUTPUT is not key=value: “{line[:80]}”.")
    return found


def _key(key: str, line: str) -> str:
    if not key.strip():
        raise OutputError(f"A line of $SMARTSPEC_OUTPUT has no key: “{line[:80]}”.")
    return key.strip()


def _until(lines: object, end: str) -> str:
    taken: list[str] = []
    for line in lines:  # type: ignore[attr-defined]
        if line == end:
            return "\n".join(taken)
        taken.append(line)
    raise OutputError(f"A value in $SMARTSPEC_OUTPUT that was to end with {end} does not end.")
