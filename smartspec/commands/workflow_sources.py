"""The text of a workflow, and the file that it comes from."""

from __future__ import annotations

import os
from pathlib import Path

from smartspec.commands.workflow_matching import FileLocation
from smartspec.domain.definition import parse
from smartspec.domain.jsontext import dump
from smartspec.domain.workflow import DEFAULT_PACK, check_name, check_pack
from smartspec.errors import Invalid, NotFound
from smartspec.messages import _
from smartspec.value import frozen

SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}  # of workflow files, and the format of each
MINIMAL = """\
smartspec: 1
name: {name}
{pack}tasks:
  hello:
    run: echo "Hello from $SMARTSPEC_TASK"
"""


@frozen
class Source:
    """A text to import: where it came from, its format (yaml or json), and the folder its tasks run in.

    Of a file, `file` is its name in that folder.
    """

    name: str
    text: str
    format: str
    folder: str | None = None
    file: str | None = None

    @property
    def location(self) -> FileLocation:
        return FileLocation(self.folder, self.file)


def read_source(path: Path) -> Source:
    """Raises Invalid or NotFound, with the way out."""
    if path.suffix.lower() not in SUFFIXES:
        raise Invalid(_("{path} is not a workflow file: its name must end in .yaml, .yml or .json.", path=path))
    try:
        if path.stat().st_size > 4 * parse.MOST_BYTES:
            raise Invalid(_("{path} is larger than 1 MiB, the most a workflow may have.", path=path))
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFound(_("There is no file {path}.", path=path)) from None
    except UnicodeDecodeError as error:
        raise Invalid(
            _("{path} is not UTF-8 text (byte {start}); save it as UTF-8.", path=path, start=error.start)
        ) from error
    except OSError as error:
        raise Invalid(
            _("{path} cannot be read: {why}.", path=path, why=(error.strerror or str(error)).lower())
        ) from error
    location = _absolute(path)
    try:
        str(location).encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(location).decode("utf-8", "replace")
        raise Invalid(
            _("{shown}: the name of the file or of a folder above it is not UTF-8; rename it.", shown=shown)
        ) from error
    return Source(str(path), text, SUFFIXES[path.suffix.lower()], str(location.parent), location.name)


def _absolute(path: Path) -> Path:
    """As it was named, links in it too; a way that goes up (../) by what it leads to: one folder has one name."""
    location = path.absolute()
    return location.parent.resolve() / location.name if ".." in location.parts else location


def minimal_source(name: str, pack: str = DEFAULT_PACK) -> str:
    """A small workflow file to begin with."""
    return MINIMAL.format(
        name=dump(check_name(name)), pack="" if pack == DEFAULT_PACK else f"pack: {check_pack(pack)}\n"
    )
