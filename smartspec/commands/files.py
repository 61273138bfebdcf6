"""What a user can do with workflow files: check, import and export them, and keep a text that is not ready."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smartspec.commands.actor import user
from smartspec.commands.workflow_matching import FileLocation, ImportOptions, match_workflow
from smartspec.commands.workflows import DEFAULT, find_workflow, get_workflow
from smartspec.domain.definition import check, model, parse
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import Node
from smartspec.domain.definition.nodes import to_json as values_of
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.event import EventType
from smartspec.domain.jsontext import dump
from smartspec.domain.text import check_display_text
from smartspec.domain.version import LONGEST_CHANGE_LOG, Version, same_text
from smartspec.domain.workflow import DEFAULT_PACK, Workflow, WorkingCopy, check_name, check_pack
from smartspec.errors import Conflict, Invalid, NotFound, Problem, WorkflowNotFound
from smartspec.store import database, versions, workflows, workspaces
from smartspec.value import frozen, replace

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


@frozen
class Imported:
    """What came of a file: `change` is created, changed, same or draft; `problems` holds what is not an error.

    `moved_from` is the folder that it ran in until now, where that was another one.
    """

    source: str
    workflow: Workflow
    version: Version | None
    change: str
    problems: tuple[Problem, ...]
    moved_from: str | None = None


def read_source(path: Path) -> Source:
    """Raises Invalid or NotFound, with the way out."""
    formats = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
    if path.suffix.lower() not in formats:
        raise Invalid(f"{path} is not a workflow file: its name must end in .yaml, .yml or .json.")
    try:
        if path.stat().st_size > 4 * parse.MOST_BYTES:
            raise Invalid(f"{path} is larger than 1 MiB, the most a workflow may have.")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    location = _absolute(path)
    try:
        str(location).encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(location).decode("utf-8", "replace")
        raise Invalid(f"{shown}: the name of the file or of a folder above it is not UTF-8; rename it.") from error
    return Source(str(path), text, formats[path.suffix.lower()], str(location.parent), location.name)


def _absolute(path: Path) -> Path:
    """As it was named, links in it too; a way that goes up (../) by what it leads to: one folder has one name."""
    location = path.absolute()
    return location.parent.resolve() / location.name if ".." in location.parts else location


def check_definition(sources: Sequence[Source], workspace: str = DEFAULT) -> dict[str, tuple[Problem, ...]]:
    """The problems of each text by its name; texts checked together may use one another."""
    workspace_pk = workspaces.get(workspace).pk
    return {source.name: checked.problems for source, checked in _check_all(sources, workspace_pk)}


def _check_all(sources: Sequence[Source], workspace_pk: int) -> list[tuple[Source, check.CheckResult]]:
    roots: dict[str, Node | check.CheckResult] = {}
    for source in sources:
        try:
            roots[source.name] = parse.parse(source.text, source.format)
        except Invalid as error:
            empty = check.CheckResult({}, model.read({}), error.problems)
            roots[source.name] = empty
    together = {
        definition.ref: definition
        for root in roots.values()
        if not isinstance(root, check.CheckResult) and (definition := model.read(values_of(root))).name
    }

    def lookup(ref: str) -> Definition | None:
        full = ref if "." in ref else f"{DEFAULT_PACK}.{ref}"
        return together.get(full) or stored_definition(ref, workspace_pk)

    def lockers() -> list[Definition]:
        """As they are to be, those that are checked together among them."""
        stored = {each.ref: each for each in map(model.read, versions.with_locks(workspace_pk))}
        return list({**stored, **together}.values())

    answers = []
    for source in sources:
        root = roots[source.name]
        answers.append((source, root if isinstance(root, check.CheckResult) else check.check(root, lookup, lockers)))
    return answers


def stored_definition(ref: str, workspace_pk: int) -> Definition | None:
    """What the current version of a stored workflow says."""
    try:
        found = find_workflow(ref, workspace_pk, deleted=False)
    except (WorkflowNotFound, Conflict):
        return None
    version = versions.current(found.pk)
    return model.read(version.definition) if version else None


def import_workflows(
    sources: Sequence[Source], *, draft: bool = False, change_log: str | None = None, name: str | None = None,
    move: bool = False, workspace: str = DEFAULT,
) -> tuple[Imported, ...]:  # fmt: skip
    """Store texts: a new workflow, a new version of one, or nothing where the text is the one that is there.

    All or none. A text with errors is refused with all of them (Invalid); with `draft` it becomes a working copy.
    A workflow runs in the folder of the file that was imported last. Another file of its name in another folder is
    refused (TwoFiles) while both are there, unless that is to be a workflow of another `name`, or the workflow is to
    `move` there.
    """
    if name is not None and len(sources) > 1:
        raise Invalid("Another name can be given to one file at a time.")
    workspace_pk = workspaces.get(workspace).pk
    options = ImportOptions(check_name(name) if name is not None else None, move)
    changed = [source for source in sources if draft or _unchanged(source, workspace_pk, options) is None]
    checked = {source.name: found for source, found in _check_all(changed, workspace_pk)} if changed else {}
    problems = [
        replace(problem, path=f"{source.name}: {problem.path}" if len(sources) > 1 else problem.path)
        for source in changed
        for problem in checked[source.name].errors
    ]
    if problems and not draft:
        count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
        raise Invalid(f"{', '.join(each.name for each in changed)}: {count}; nothing was stored.", problems)
    with database.transaction():
        return tuple(
            _import_one(source, checked.get(source.name), workspace_pk, draft, change_log, options)
            for source in sources
        )


@frozen
class Preview:
    """What importing a file would come to: `change` is created, changed or same; `current` the text that is there."""

    source: str
    name: str
    change: str
    current: str | None
    problems: tuple[Problem, ...]


def preview_import(sources: Sequence[Source], workspace: str = DEFAULT) -> tuple[Preview, ...]:
    """Nothing is stored."""
    workspace_pk = workspaces.get(workspace).pk
    return tuple(_preview(source, checked, workspace_pk) for source, checked in _check_all(sources, workspace_pk))


def _preview(source: Source, checked: check.CheckResult, workspace_pk: int) -> Preview:
    definition = checked.definition
    workflow = workflows.by_ref(workspace_pk, definition.ref) if definition.name else None
    version = versions.current(workflow.pk) if workflow else None
    same = version is not None and same_text(version.source, source.text)
    change = "same" if same else "created" if workflow is None else "changed"
    return Preview(source.name, definition.name, change, version.source if version else None, checked.problems)


def _unchanged(source: Source, workspace_pk: int, options: ImportOptions) -> tuple[Workflow, Version] | None:
    """The workflow and version whose text this is already: then it need not be judged again. Raises TwoFiles."""
    try:
        tree = parse.parse(source.text, source.format)
    except Invalid:
        return None
    definition = model.read(values_of(tree))
    workflow = match_workflow(definition, source.location, options, workspace_pk) if definition.name else None
    version = versions.current(workflow.pk) if workflow else None
    if workflow is None or version is None or not same_text(version.source, source.text):
        return None
    return workflow, version


def _import_one(
    source: Source,
    checked: check.CheckResult | None,
    workspace_pk: int,
    draft: bool,
    change_log: str | None,
    options: ImportOptions,
) -> Imported:
    if checked is None:
        same = _unchanged(source, workspace_pk, options)
        assert same is not None
        moved_from = _moved_from(same[0], source)
        return Imported(source.name, _followed(same[0], source), same[1], "same", (), moved_from)
    definition = checked.definition
    if not definition.name or not isinstance(checked.tree, dict):
        raise Invalid(f"{source.name}: a workflow needs a name, even as a draft.", checked.errors)
    check_name(definition.name)
    workflow = match_workflow(definition, source.location, options, workspace_pk)
    created, moved_from = workflow is None, _moved_from(workflow, source) if workflow is not None else None
    if workflow is None:
        workflow = workflows.add(
            workspace_pk, check_pack(definition.pack), options.ref(definition), options.name or definition.name.strip(),
            status=WorkflowStatus.DRAFT if draft else WorkflowStatus.ACTIVE, description=definition.description,
            category=definition.category, tags=definition.tags, folder=source.folder, file=source.file, by=user(),
        )  # fmt: skip
    if checked.errors:
        workflows.save_working_copy(workflow.pk, source.text, source.format, workflow.current_version)
        return Imported(source.name, _followed(workflow, source), None, "draft", checked.problems, moved_from)
    version = add_version(workflow, source, checked, change_log)
    return Imported(
        source.name, workflows.get(workflow.pk), version, "created" if created else "changed", checked.problems,
        moved_from,
    )  # fmt: skip


def _moved_from(workflow: Workflow, source: Source) -> str | None:
    """The folder it ran in, where it will run in another one."""
    return workflow.folder if source.folder not in (None, workflow.folder) else None


def _followed(workflow: Workflow, source: Source) -> Workflow:
    """The workflow runs where its file is."""
    if source.folder is None:
        return workflow
    fields = {"folder": source.folder, "file": source.file or workflow.file}
    return workflows.update(workflow, EventType.WORKFLOW_UPDATED, by=user(), **fields)


def add_version(
    workflow: Workflow, source: Source, checked: check.CheckResult, change_log: str | None, **more: Any
) -> Version:
    """A checked text as the next version; description, category, tags and folder follow it, the name stays."""
    if change_log is not None:
        change_log = check_display_text(change_log, "A change log", LONGEST_CHANGE_LOG)
    definition = checked.definition
    with database.transaction():
        version = versions.add(
            workflow.pk, source.text, source.format, checked.tree, change_log=change_log, by=user(), **more
        )
        workflows.touch(workflow.pk)
        current = workflows.get(workflow.pk)
        fields: dict[str, Any] = {
            "description": definition.description,
            "category": definition.category,
            "tags": definition.tags,
            "folder": source.folder or current.folder,
            "file": source.file or current.file,
        }
        workflows.update(current, EventType.WORKFLOW_UPDATED, by=user(), **fields)
        workflows.discard_working_copy(workflow.pk)
    return version


def export_workflow(ref: str, *, version: str | None = None, workspace: str = DEFAULT) -> Version:
    """The version whose `source` is the file, verbatim. Raises NotFound for a workflow without one."""
    workflow = get_workflow(ref, workspace)
    found = versions.find(workflow.pk, version) if version else versions.current(workflow.pk)
    if found is None:
        raise NotFound(f"“{workflow.name}” has no version to export.")
    return found


def minimal_source(name: str, pack: str = DEFAULT_PACK) -> str:
    """A small workflow file to begin with."""
    return MINIMAL.format(
        name=dump(check_name(name)), pack="" if pack == DEFAULT_PACK else f"pack: {check_pack(pack)}\n"
    )


# Working copies


def get_working_copy(ref: str, workspace: str = DEFAULT) -> WorkingCopy | None:
    return workflows.working_copy(get_workflow(ref, workspace).pk)


def save_working_copy(ref: str, text: str, *, format: str = "yaml", workspace: str = DEFAULT) -> tuple[Problem, ...]:
    """Keep a text that may have errors; the answer is its problems."""
    workflow = get_workflow(ref, workspace)
    if "\0" in text or len(text) > parse.MOST_BYTES:
        raise Invalid("A workflow is text of at most 1 MiB, without NUL bytes.")
    workflows.save_working_copy(workflow.pk, text, format, workflow.current_version)
    return check_definition([Source(workflow.ref, text, format)], workspace)[workflow.ref]


def discard_working_copy(ref: str, workspace: str = DEFAULT) -> bool:
    """False where there was none."""
    return workflows.discard_working_copy(get_workflow(ref, workspace).pk)


def save_version(
    ref: str, text: str | None = None, *, change_log: str | None = None, based_on: int | None = None,
    workspace: str = DEFAULT,
) -> Version:  # fmt: skip
    """A text, by default the working copy, as the next version; the same text as the current one makes none.

    `based_on` is the key of the version it was edited from: Conflict when there is a newer one. Raises Invalid.
    """
    workflow = get_workflow(ref, workspace)
    copy = workflows.working_copy(workflow.pk)
    if text is None and copy is None:
        raise NotFound(f"“{workflow.name}” has no working copy to save.")
    current = versions.current(workflow.pk)
    if based_on is None and text is None and copy is not None:
        based_on = copy.based_on
    if based_on is not None and current is not None and based_on != current.pk:
        raise Conflict(f"“{workflow.name}” has a newer version ({current.version}) than the one that was edited.")
    text = text if text is not None else copy.source if copy else ""
    format_ = copy.source_format if copy else current.source_format if current else "yaml"
    if current is not None and same_text(current.source, text):
        workflows.discard_working_copy(workflow.pk)
        return current
    source = Source(workflow.ref, text, format_, workflow.folder)
    checked = _check_all([source], workflow.workspace)[0][1]
    if checked.errors:
        raise Invalid(f"The text of “{workflow.name}” has errors; it stays the working copy.", checked.errors)
    return add_version(workflow, source, checked, change_log)
