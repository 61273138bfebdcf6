"""Which workflow a file is: by the name it gives itself, and by where it lies."""

from __future__ import annotations

from pathlib import Path

from smartspec.domain.definition import model, parse
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import to_json as values_of
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.workflow import Workflow, slug
from smartspec.errors import Invalid, TwoFiles
from smartspec.store import versions, workflows
from smartspec.value import frozen


@frozen
class FileLocation:
    """Where a file lies: its folder, and its name there. Both None: it is no file."""

    folder: str | None
    file: str | None

    @property
    def path(self) -> Path | None:
        return Path(self.folder, self.file) if self.folder is not None and self.file is not None else None


@frozen
class ImportOptions:
    """What a person says of a file: another name for the workflow, or that the workflow lives there now."""

    name: str | None = None
    move: bool = False

    def ref(self, definition: Definition) -> str:
        return definition.ref if self.name is None else f"{definition.pack}.{slug(self.name)}"


def match_workflow(
    definition: Definition, location: FileLocation, options: ImportOptions, workspace_pk: WorkspacePk
) -> Workflow | None:
    """None: a new one. Raises TwoFiles where another file is that workflow, and both are there."""
    if options.name is None and (known := _from_this_file(definition, location, workspace_pk)) is not None:
        return known
    found = workflows.by_ref(workspace_pk, options.ref(definition))
    if found is not None and not options.move and (other := _other_file(found, location)) is not None:
        raise TwoFiles(found.ref, other, location.path or Path())
    return found


def _from_this_file(definition: Definition, location: FileLocation, workspace_pk: WorkspacePk) -> Workflow | None:
    """What was imported from it before, by whatever name, unless it gives itself another one now."""
    if location.folder is None or location.file is None:
        return None
    found = workflows.by_file(workspace_pk, location.folder, location.file)
    return found if found is not None and _own_ref(found) == definition.ref else None


def _own_ref(workflow: Workflow) -> str:
    """What its text calls itself."""
    version = versions.current(workflow.pk)
    return model.read(version.definition).ref if version is not None else workflow.ref


def _other_file(workflow: Workflow, location: FileLocation) -> Path | None:
    """The file in another folder that a workflow comes from, if it is still there and still that workflow."""
    if workflow.folder is None or location.folder is None or location.file is None:
        return None
    old = Path(workflow.folder, workflow.file or location.file)
    try:
        is_here = Path(workflow.folder).samefile(location.folder) or old.samefile(Path(location.folder, location.file))
    except OSError:
        return None  # it is gone
    return None if is_here or _ref_in(old) not in (None, _own_ref(workflow)) else old


def _ref_in(file: Path) -> str | None:
    """What a file calls itself; None where that cannot be read."""
    try:
        text = file.read_bytes()[: parse.MOST_BYTES].decode("utf-8-sig")
        return model.read(values_of(parse.parse(text, "json" if file.suffix.lower() == ".json" else "yaml"))).ref
    except (OSError, UnicodeDecodeError, Invalid):
        return None
