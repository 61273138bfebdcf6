"""What a user can do with workflows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from smartspec.commands.actor import user
from smartspec.domain import states, times
from smartspec.domain.definition import check, model, parse
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import Node
from smartspec.domain.definition.nodes import plain as values_of
from smartspec.domain.definition.schema import did_you_mean
from smartspec.domain.event import EventType
from smartspec.domain.filters import WorkflowFilter
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.page import Page
from smartspec.domain.states import WorkflowStatus
from smartspec.domain.text import plain
from smartspec.domain.version import LONGEST_CHANGE_LOG, Version, same_text
from smartspec.domain.workflow import DEFAULT_PACK, Workflow, WorkingCopy, check_name, check_pack, slug
from smartspec.errors import Conflict, Invalid, NotFound, Problem, WorkflowNotFound
from smartspec.store import configs, database, executions, versions, workflows, workspaces

DEFAULT = "default"  # the workspace
MINIMAL = """\
smartspec: 1
name: {name}
{pack}tasks:
  hello:
    run: echo "Hello from $SMARTSPEC_TASK"
"""


def create_workflow(
    name: str,
    *,
    pack: str = DEFAULT_PACK,
    description: str | None = None,
    config: Json = None,
    workspace: str = DEFAULT,
) -> Workflow:
    """Make a draft without a version. Raises Invalid, or Conflict when the name is taken in its pack."""
    name, pack = check_name(name), check_pack(pack)
    if description is not None:
        description = plain(description, "A description", 100_000)
    dump(config)
    place = workspaces.get(workspace).pk
    return workflows.add(
        place, pack, f"{pack}.{slug(name)}", name,
        status=WorkflowStatus.DRAFT, description=description, config=config, by=user(),
    )  # fmt: skip


def get_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """By ref or id. A ref without a dot is sought in pack `default`, else must be the only one of that name.

    Raises WorkflowNotFound, or Conflict where it could be several.
    """
    return _find(ref, workspaces.get(workspace).pk, deleted=False)


def _find(ref: str, place: int, *, deleted: bool) -> Workflow:
    found = workflows.by_id(ref)
    if found is not None and (found.deleted_at is not None) == deleted:
        return found
    if exact := workflows.by_ref(place, ref if "." in ref else f"{DEFAULT_PACK}.{ref}", deleted=deleted):
        return exact
    candidates = workflows.with_last_part(place, ref, deleted=deleted) if "." not in ref else ()
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        choices = ", ".join(sorted(each.ref for each in candidates))
        raise Conflict(f"“{ref}” could be any of {choices}; write the whole ref.")
    raise _not_found(ref, place, deleted)


def _not_found(ref: str, place: int, deleted: bool) -> WorkflowNotFound:
    if deleted:
        return WorkflowNotFound(f"There is no workflow “{ref}” in the trash.")
    known = workflows.refs(place)
    guess = did_you_mean(ref, known, "") or did_you_mean(ref, [each.partition(".")[2] for each in known], "")
    if not guess and workflows.by_ref(place, ref if "." in ref else f"{DEFAULT_PACK}.{ref}", deleted=True):
        return WorkflowNotFound(f"The workflow “{ref}” is in the trash; `smartspec restore {ref}` brings it back.")
    return WorkflowNotFound(f"There is no workflow “{ref}”{guess or '; `smartspec list` shows what there is.'}")


def find_workflow_by_name(name: str, workspace: str = DEFAULT) -> Workflow | None:
    """Exactly that name: in pack `default` first, then the newest anywhere."""
    return workflows.by_name(workspaces.get(workspace).pk, name)


def list_workflows(
    wanted: WorkflowFilter | None = None, *, after: str | None = None, limit: int = 50, workspace: str = DEFAULT
) -> Page[Workflow]:
    """Newest first."""
    return workflows.page(_here(wanted, workspace), after, limit)


def count_workflows(wanted: WorkflowFilter | None = None, *, workspace: str = DEFAULT) -> int:
    return workflows.count(_here(wanted, workspace))


def _here(wanted: WorkflowFilter | None, workspace: str) -> WorkflowFilter:
    return replace(wanted or WorkflowFilter(), workspace=workspaces.get(workspace).pk)


def update_workflow(ref: str, *, workspace: str = DEFAULT, row_version: int | None = None, **changes: Any) -> Workflow:
    """Change description, category, tags or config; what is not named stays.

    `row_version` is the one that was looked at: Conflict when the workflow was changed since.
    """
    workflow = get_workflow(ref, workspace)
    unknown = changes.keys() - {"description", "category", "tags", "config", "name"}
    if unknown:
        raise Invalid(f"A workflow has no “{min(unknown)}” that can be changed.")
    if row_version is not None:
        workflow = replace(workflow, row_version=row_version)
    if changes.get("description") is not None:
        plain(changes["description"], "A description", 100_000)
    if "name" in changes:
        changes["name"] = check_name(changes["name"])
    if "tags" in changes:
        changes["tags"] = tuple(plain(tag, "A tag", 100) for tag in changes["tags"])
    dump(changes.get("config"))
    event = EventType.WORKFLOW_RENAMED if "name" in changes else EventType.WORKFLOW_UPDATED
    return workflows.update(workflow, event, by=user(), **changes)


def rename_workflow(ref: str, name: str, workspace: str = DEFAULT) -> Workflow:
    """The ref and the text stay. Raises Conflict when the name is taken."""
    return update_workflow(ref, workspace=workspace, name=name)


def duplicate_workflow(ref: str, name: str | None = None, workspace: str = DEFAULT) -> Workflow:
    """A new workflow in the same pack with the current text as its first version, and the saved settings."""
    original = get_workflow(ref, workspace)
    source = versions.current(original.pk)
    with database.transaction():
        title = check_name(name) if name else _free_copy_name(original)
        copy = workflows.add(
            original.workspace, original.pack, f"{original.pack}.{slug(title)}", title,
            status=original.status if original.status is not WorkflowStatus.ARCHIVED else WorkflowStatus.INACTIVE,
            description=original.description, category=original.category, tags=original.tags, config=original.config,
            folder=original.folder, by=user(),
        )  # fmt: skip
        if source is not None:
            tree = source.definition
            log = f"Copied from {original.ref} version {source.version}"
            versions.add(copy.pk, source.source, source.source_format, tree, change_log=log, by=user())
        for config in configs.of_workflow(original.pk):
            configs.set_(copy.pk, config.key, config.value, config.value_type, config.description, user())
    return workflows.get(copy.pk)


def _free_copy_name(original: Workflow) -> str:
    for number in range(1, 1000):
        name = f"{original.name[:180]} copy" + (f" {number}" if number > 1 else "")
        wanted = WorkflowFilter(workspace=original.workspace, pack=original.pack, name=name)
        if not any(each.name == name for each in workflows.page(wanted, limit=1000).rows):
            return name
    raise Conflict(f"“{original.name}” has a thousand copies; name the next one.")


# Status


def activate_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """Raises InvalidTransition, or Conflict for one without a version."""
    workflow = get_workflow(ref, workspace)
    if workflow.current_version is None:
        raise Conflict(f"“{workflow.name}” has no version yet; import a workflow file first.")
    return _to(workflow, WorkflowStatus.ACTIVE, EventType.WORKFLOW_ACTIVATED)


def deactivate_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """Also takes one out of the archive. Raises InvalidTransition."""
    return _to(get_workflow(ref, workspace), WorkflowStatus.INACTIVE, EventType.WORKFLOW_DEACTIVATED)


def archive_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """It does not run until it is taken out again. Raises InvalidTransition."""
    return _to(get_workflow(ref, workspace), WorkflowStatus.ARCHIVED, EventType.WORKFLOW_ARCHIVED)


def _to(workflow: Workflow, status: WorkflowStatus, event: EventType) -> Workflow:
    states.check_workflow(workflow.status, status)
    return workflows.update(workflow, event, by=user(), status=status)


# Trash


def delete_workflow(ref: str, *, reason: str | None = None, workspace: str = DEFAULT) -> Workflow:
    """Into the trash, for 30 days; pending executions are cancelled. Raises Conflict while one runs."""
    workflow = get_workflow(ref, workspace)
    with database.transaction():
        if running := workflows.running(workflow.pk):
            raise Conflict(f"“{workflow.name}” runs at this moment ({running}); cancel that first.")
        executions.cancel_pending(workflow.pk)
        workflows.update(workflow, EventType.WORKFLOW_DELETED, by=user(), reason=reason, deleted_at=times.now())
    return workflows.get(workflow.pk)


def restore_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """Out of the trash. Raises Conflict when its ref or name is taken by now."""
    place = workspaces.get(workspace).pk
    workflow = _find(ref, place, deleted=True)
    named = workflows.by_name(place, workflow.name)
    if workflows.by_ref(place, workflow.ref) or (named is not None and named.pack == workflow.pack):
        raise Conflict(f"There is another workflow “{workflow.ref}” by now; rename or delete that first.")
    return workflows.update(workflow, EventType.WORKFLOW_RESTORED, by=user(), deleted_at=None)


def purge_workflow(ref: str, *, reason: str | None = None, workspace: str = DEFAULT) -> None:
    """Remove a workflow in the trash for good. Its executions stay, with its name. Raises WorkflowNotFound."""
    workflows.purge(_find(ref, workspaces.get(workspace).pk, deleted=True), user(), reason)


# Files


@dataclass(frozen=True, slots=True)
class Source:
    """A text to import: where it came from, its format (yaml or json), and the folder its tasks run in."""

    name: str
    text: str
    format: str
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: `change` is created, changed, same or draft; `problems` holds what is not an error."""

    source: str
    workflow: Workflow
    version: Version | None
    change: str
    problems: tuple[Problem, ...]


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
    return Source(str(path), text, formats[path.suffix.lower()], str(path.absolute().parent))


def check_definition(sources: Sequence[Source], workspace: str = DEFAULT) -> dict[str, tuple[Problem, ...]]:
    """The problems of each text by its name; texts checked together may use one another."""
    place = workspaces.get(workspace).pk
    return {source.name: checked.problems for source, checked in _check_all(sources, place)}


def _check_all(sources: Sequence[Source], place: int) -> list[tuple[Source, check.Checked]]:
    roots: dict[str, Node | check.Checked] = {}
    for source in sources:
        try:
            roots[source.name] = parse.parse(source.text, source.format)
        except Invalid as error:
            empty = check.Checked({}, model.read({}), error.problems)
            roots[source.name] = empty
    together = {
        definition.ref: definition
        for root in roots.values()
        if not isinstance(root, check.Checked) and (definition := model.read(values_of(root))).name
    }

    def lookup(ref: str) -> Definition | None:
        full = ref if "." in ref else f"{DEFAULT_PACK}.{ref}"
        return together.get(full) or stored_definition(ref, place)

    answers = []
    for source in sources:
        root = roots[source.name]
        answers.append((source, root if isinstance(root, check.Checked) else check.check(root, lookup)))
    return answers


def stored_definition(ref: str, place: int) -> Definition | None:
    """What the current version of a stored workflow says."""
    try:
        found = _find(ref, place, deleted=False)
    except (WorkflowNotFound, Conflict):
        return None
    version = versions.current(found.pk)
    return model.read(version.definition) if version else None


def import_workflows(
    sources: Sequence[Source], *, draft: bool = False, change_log: str | None = None, workspace: str = DEFAULT
) -> tuple[Imported, ...]:
    """Store texts: a new workflow, a new version of one, or nothing where the text is the one that is there.

    All or none. A text with errors is refused with all of them (Invalid); with `draft` it becomes a working copy.
    """
    place = workspaces.get(workspace).pk
    changed = [source for source in sources if draft or _unchanged(source, place) is None]
    checked = {source.name: found for source, found in _check_all(changed, place)} if changed else {}
    problems = [
        replace(problem, path=f"{source.name}: {problem.path}" if len(sources) > 1 else problem.path)
        for source in changed
        for problem in checked[source.name].errors
    ]
    if problems and not draft:
        count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
        raise Invalid(f"{', '.join(each.name for each in changed)}: {count}; nothing was stored.", problems)
    with database.transaction():
        return tuple(_import_one(source, checked.get(source.name), place, draft, change_log) for source in sources)


def _unchanged(source: Source, place: int) -> tuple[Workflow, Version] | None:
    """The workflow and version whose text this is already: then it need not be judged again."""
    try:
        tree = parse.parse(source.text, source.format)
    except Invalid:
        return None
    definition = model.read(values_of(tree))
    workflow = workflows.by_ref(place, definition.ref) if definition.name else None
    version = versions.current(workflow.pk) if workflow else None
    if workflow is None or version is None or not same_text(version.source, source.text):
        return None
    return workflow, version


def _import_one(
    source: Source, checked: check.Checked | None, place: int, draft: bool, change_log: str | None
) -> Imported:
    if checked is None:
        same = _unchanged(source, place)
        assert same is not None
        return Imported(source.name, *same, "same", ())
    definition = checked.definition
    if not definition.name or not isinstance(checked.tree, dict):
        raise Invalid(f"{source.name}: a workflow needs a name, even as a draft.", checked.errors)
    check_name(definition.name)
    workflow = workflows.by_ref(place, definition.ref)
    created = workflow is None
    if workflow is None:
        workflow = workflows.add(
            place, check_pack(definition.pack), definition.ref, definition.name.strip(),
            status=WorkflowStatus.DRAFT if draft else WorkflowStatus.ACTIVE, description=definition.description,
            category=definition.category, tags=definition.tags, folder=source.folder, by=user(),
        )  # fmt: skip
    if checked.errors:
        workflows.save_working_copy(workflow.pk, source.text, source.format, workflow.current_version)
        return Imported(source.name, workflow, None, "draft", checked.problems)
    version = add_version(workflow, source, checked, change_log)
    return Imported(
        source.name, workflows.get(workflow.pk), version, "created" if created else "changed", checked.problems
    )


def add_version(
    workflow: Workflow, source: Source, checked: check.Checked, change_log: str | None, **more: Any
) -> Version:
    """A checked text as the next version; description, category, tags and folder follow it, the name stays."""
    if change_log is not None:
        change_log = plain(change_log, "A change log", LONGEST_CHANGE_LOG)
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
