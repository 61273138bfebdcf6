"""Starting a process, or saying in a sentence why it cannot be started."""

import errno
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from smartspec.errors import RunError, reason
from smartspec.messages import N_, Message, _

_NO_MORE_FILES = N_(
    "“{program}” could not be started: no more files can be opened here; let less run at once (ulimit -n)."
)
_WHY = {
    errno.E2BIG: N_("The arguments and the environment are too large for the system; hand the data over by a file."),
    errno.ENOEXEC: N_(
        "“{program}” is no program that this system can run; a script needs a first line like #!/bin/sh."
    ),
    errno.EMFILE: _NO_MORE_FILES,
    errno.ENFILE: _NO_MORE_FILES,
}


def spawn(argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """`subprocess.Popen` without buffers. Raises RunError, with the OSError as its cause."""
    try:
        return subprocess.Popen(argv, bufsize=0, **options)
    except (OSError, ValueError) as error:
        raise RunError(why_not(argv[0], options.get("cwd"), error, options.get("env"))) from error


def why_not(
    program: str, folder: Path | None, error: OSError | ValueError, env: Mapping[str, str] | None = None
) -> Message:
    """Why a program could not be started, in a sentence; `folder` and `env` are those it was to run in."""
    if isinstance(error, ValueError):
        return _why_not_given(program, error)
    if folder is not None and str(error.filename) == str(folder) != program:
        why = reason(error)
        return _("The working folder {folder} cannot be entered: {why}; change `cwd`.", folder=folder, why=why)
    if isinstance(error, FileNotFoundError):
        return _why_not_found(program, is_there=_is_there(program, folder, env))
    if isinstance(error, PermissionError):
        if Path(program).is_dir():
            return _("“{program}” is a folder, not a program.", program=program)
        return _("“{program}” may not be run; make it executable (chmod +x).", program=program)
    if (known := _WHY.get(error.errno or 0)) is not None:
        return _(known, program=program)
    return _("“{program}” could not be started: {error}.", program=program, error=error)


def _why_not_given(program: str, error: ValueError) -> Message:
    if isinstance(error, UnicodeError):
        return _(
            "“{program}” was given text that this system cannot hand over (a lone surrogate); look at its arguments.",
            program=program,
        )
    return _(
        "“{program}” was given a NUL character in its arguments, or a name with “=” in its environment, which no"
        " program can take.",
        program=program,
    )


def _why_not_found(program: str, *, is_there: bool) -> Message:
    if is_there:
        return _(
            "What “{program}” names in its first line (#!…) to be run with was not found; correct that line.",
            program=program,
        )
    return _("The program “{program}” was not found; check its name and the PATH.", program=program)


def _is_there(program: str, folder: Path | None, env: Mapping[str, str] | None) -> bool:
    """Whether the file can be found: then it is its interpreter that cannot."""
    if Path(program).name != program:
        return Path(folder or "", program).is_file()
    return shutil.which(program, path=(os.environ if env is None else env).get("PATH")) is not None
