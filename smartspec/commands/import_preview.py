"""What importing files would come to, before anything is stored."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from smartspec.commands.definitions import check_all
from smartspec.commands.workflow_matching import ImportOptions, match_workflow
from smartspec.commands.workflow_sources import SUFFIXES, Source, read_source
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.compare import diff
from smartspec.domain.compare.diff import Difference
from smartspec.domain.definition import check
from smartspec.domain.definition.model import Definition
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.version import Version, same_text
from smartspec.domain.workflow import Workflow, slug
from smartspec.errors import Conflict, Problem, SmartSpecError, TwoFiles
from smartspec.messages import _
from smartspec.store import versions, workflows, working_copies, workspaces
from smartspec.value import frozen, replace

MOST_FILES = 1_000  # of a folder


class ImportState(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    PROBLEMS = "problems"  # it can be a draft only
    LEFT_OUT = "left_out"  # it is no workflow


@frozen
class ImportPreview:
    """What a file would make. `workflow` and `current` are what is there of it; `label` the next version's.

    `conflict` says why it cannot be that workflow as it stands: another file is, which is `other_file`, or one of that
    name; `free_name` could be had. `has_copy`: it has changes that nobody saved. `why` says why it is left out.
    """

    source: Source
    state: ImportState
    name: str = ""
    ref: str = ""
    workflow: Workflow | None = None
    current: Version | None = None
    label: str = ""
    tasks: int = 0
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    conflict: str = ""
    other_file: Path | None = None
    free_name: str = ""
    has_copy: bool = False
    why: str = ""

    @property
    def errors(self) -> int:
        return sum(each.severity == "error" for each in self.problems)


def workflow_files(chosen: Sequence[Path]) -> tuple[Path, ...]:
    """The files as they are, and of folders what may be workflows in them, hidden folders aside; at most a thousand."""
    found: dict[Path, None] = {}
    for path in chosen:
        for each in _in_folder(path) if path.is_dir() else (path,):
            found.setdefault(each)
            if len(found) == MOST_FILES:
                return tuple(found)
    return tuple(found)


def _in_folder(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        yield from (Path(here, name) for name in sorted(names) if Path(name).suffix.lower() in SUFFIXES)


@frozen
class MendedText:
    """What stands for the text of a file, as long as that is what it was."""

    before: str
    text: str


def preview_files(
    chosen: Sequence[Path], workspace: str = DEFAULT, mended: Mapping[str, MendedText] | None = None
) -> tuple[ImportPreview, ...]:
    """Each file, in its order; what cannot be read is left out, and says why. Nothing is stored.

    `mended` are texts to be taken instead of those in the files, by the names of their sources.
    """
    sources, unread = list[Source](), dict[str, ImportPreview]()
    files = workflow_files(chosen)
    for path in files:
        try:
            sources.append(_as_mended(read_source(path), mended or {}))
        except SmartSpecError as error:
            unread[str(path)] = _left_out(Source(str(path), "", "yaml"), error.sentence)
    read = {each.source.name: each for each in preview_import(sources, workspace)}
    return tuple(unread.get(str(path)) or read[str(path)] for path in files)


def _as_mended(source: Source, mended: Mapping[str, MendedText]) -> Source:
    found = mended.get(source.name)
    return replace(source, text=found.text) if found is not None and found.before == source.text else source


def preview_import(sources: Sequence[Source], workspace: str = DEFAULT) -> tuple[ImportPreview, ...]:
    """Each text, in its order. Nothing is stored."""
    workspace_pk = workspaces.get(workspace).pk
    return tuple(_preview(source, checked, workspace_pk) for source, checked in check_all(sources, workspace_pk))


def _left_out(source: Source, why: str) -> ImportPreview:
    return ImportPreview(source, ImportState.LEFT_OUT, why=why)


def _preview(source: Source, checked: check.CheckResult, workspace_pk: WorkspacePk) -> ImportPreview:
    definition, tree = checked.definition, as_mapping(checked.tree)
    if checked.tree and not {"smartspec", "tasks"} & tree.keys():
        return _left_out(source, _("It is not a workflow: it has no tasks."))
    if not definition.name.strip():
        return _unnamed(source, checked)
    workflow, conflict, other = _match(source, definition, workspace_pk)
    current = versions.current(workflow.pk) if workflow else None
    return ImportPreview(
        source, _state(source, checked, workflow, current), definition.name.strip(), definition.ref, workflow, current,
        versions.next_label_of(workflow.pk if workflow else None, tree), len(definition.tasks),
        tuple(diff.structure(current.definition, tree)) if current else (), checked.problems, conflict, other,
        _free_name(definition, workspace_pk) if conflict else "",
        workflow is not None and working_copies.of_workflow(workflow.pk) is not None,
    )  # fmt: skip


def _unnamed(source: Source, checked: check.CheckResult) -> ImportPreview:
    """Even a draft has a name."""
    if not checked.tree and checked.problems:
        return ImportPreview(
            source, ImportState.LEFT_OUT, problems=checked.problems, why=_("It cannot be read as YAML or JSON.")
        )
    return ImportPreview(
        source, ImportState.LEFT_OUT, problems=checked.problems, why=_("It says no name: even a draft needs one.")
    )


def _match(
    source: Source, definition: Definition, workspace_pk: WorkspacePk
) -> tuple[Workflow | None, str, Path | None]:
    """The workflow that it is, what stands in the way of that, and the other file that is it too."""
    try:
        found = match_workflow(definition, source.location, ImportOptions(), workspace_pk)
        if found is None:
            workflows.check_free(workspace_pk, definition.pack, definition.name.strip())
    except TwoFiles as conflict:
        why = _("“{name}” comes from {old} until now, and both files are there.", name=conflict.ref, old=conflict.old)
        return workflows.by_ref(workspace_pk, definition.ref), why, conflict.old
    except Conflict as conflict:
        return None, conflict.sentence, None
    return found, "", None


def _free_name(definition: Definition, workspace_pk: WorkspacePk) -> str:
    for number in range(2, 1_000):
        name = f"{definition.name.strip()[:190]} {number}"
        try:
            workflows.check_free(workspace_pk, definition.pack, name)
        except Conflict:
            continue
        if workflows.by_ref(workspace_pk, f"{definition.pack}.{slug(name)}") is None:
            return name
    return ""


def _state(
    source: Source, checked: check.CheckResult, workflow: Workflow | None, current: Version | None
) -> ImportState:
    if current is not None and same_text(current.source, source.text):
        return ImportState.SAME
    if checked.errors:
        return ImportState.PROBLEMS
    return ImportState.CHANGED if workflow is not None else ImportState.NEW
