"""Starting a process, or saying in a sentence why it cannot be started."""

import errno
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from smartspec.errors import RunError


def spawn(argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """`subprocess.Popen` without buffers. Raises RunError, with the OSError as its cause."""
    try:
        return subprocess.Popen(argv, bufsize=0, **options)
    except (OSError, ValueError) as error:
        raise RunError(why_not(argv[0], options.get("cwd"), error, options.get("env"))) from error


def why_not(
    program: str, folder: Path | None, error: OSError | ValueError, env: Mapping[str, str] | None = None
) -> str:
    code = getattr(error, "errno", None)
    if isinstance(error, UnicodeError):
        return (
            f"“{program}” was given text that this system cannot hand over (a lone surrogate); look at its arguments."
        )
    if isinstance(error, ValueError):
        where = "its arguments, or a name with “=” in its environment"
        return f"“{program}” was given a NUL character in {where}, which no program can take."
    if folder is not None and str(error.filename) == str(folder) != program:
        return f"The working folder {folder} cannot be entered: {(error.strerror or str(error)).lower()}; change `cwd`."
    if isinstance(error, FileNotFoundError):
        if _is_there(program, folder, env):
            return f"What “{program}” names in its first line (#!…) to be run with was not found; correct that line."
        return f"The program “{program}” was not found; check its name and the PATH."
    if isinstance(error, PermissionError):
        if Path(program).is_dir():
            return f"“{program}” is a folder, not a program."
        return f"“{program}” may not be run; make it executable (chmod +x)."
    if code == errno.E2BIG:
        return "The arguments and the environment are too large for the system; hand the data over by a file."
    if code == errno.ENOEXEC:
        return f"“{program}” is no program that this system can run; a script needs a first line like #!/bin/sh."
    if code in (errno.EMFILE, errno.ENFILE):
        return f"“{program}” could not be started: no more files can be opened here; let less run at once (ulimit -n)."
    return f"“{program}” could not be started: {error}."


def _is_there(program: str, folder: Path | None, env: Mapping[str, str] | None) -> bool:
    """Whether the file can be found: then it is its interpreter that cannot."""
    if Path(program).name != program:
        return Path(folder or "", program).is_file()
    return shutil.which(program, path=(os.environ if env is None else env).get("PATH")) is not None
