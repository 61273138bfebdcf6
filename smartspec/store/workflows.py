"""The workflows that are stored."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

import peewee

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.event import EventType
from smartspec.domain.ids import VersionPk, WorkflowPk, WorkspacePk, new_id
from smartspec.domain.jsontext import Json, canonical
from smartspec.domain.page import Page
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.text import fold_name
from smartspec.domain.workflow import DEFAULT_PACK, Workflow
from smartspec.errors import Conflict, WorkflowNotFound
from smartspec.messages import _
from smartspec.store import database, events, paging, row_versions, workspaces
from smartspec.store.models import fields
from smartspec.store.models.fields import read
from smartspec.store.models.workflows import WorkflowRow
from smartspec.value import frozen


def add(
    workspace: WorkspacePk,
    pack: str,
    ref: str,
    name: str,
    *,
    status: WorkflowStatus,
    description: str | None = None,
    category: str | None = None,
    tags: tuple[str, ...] = (),
    config: Json = None,
    folder: str | None = None,
    file: str | None = None,
    by: str | None = None,
) -> Workflow:
    """Raises Conflict when the name is taken in its pack. A ref that is taken gets -2, -3, …."""
    now = times.now()
    with database.transaction():
        check_free(workspace, pack, name)
        pk = WorkflowRow.insert(
            id=new_id(),
            workspace=workspace,
            pack=pack,
            ref=_free_ref(workspace, ref),
            name=name,
            description=description,
            category=category,
            tags=tags,
            status=status,
            last_number=0,
            config=config,
            folder=folder,
            file=file,
            created_by=by,
            row_version=1,
            created_at=now,
            updated_at=now,
        ).execute()
        events.add(EventType.WORKFLOW_CREATED, workflow=pk, actor=by)
        database.record_change(Topic.WORKFLOWS, pk)
    return get(pk)


def is_taken(workspace: WorkspacePk, pack: str, name: str) -> bool:
    """Whether a workflow that is not in the trash has this name in its pack."""
    return _taken(workspace, WorkflowRow.pack == pack, WorkflowRow.name == name)


def _taken(workspace: WorkspacePk, *wanted: object) -> bool:
    here = (WorkflowRow.workspace == workspace, WorkflowRow.deleted_at.is_null())
    return bool(WorkflowRow.select().where(*here, *wanted).exists())


def check_free(workspace: WorkspacePk, pack: str, name: str, *, but: WorkflowPk | None = None) -> None:
    """Raises Conflict where another workflow than `but` has this name in its pack."""
    same = (WorkflowRow.pack == pack, WorkflowRow.name == name)
    if _taken(workspace, *same, WorkflowRow.pk != (but or 0)):
        raise Conflict(_("There is already a workflow named “{name}” in the pack “{pack}”.", name=name, pack=pack))


def _free_ref(workspace: WorkspacePk, ref: str) -> str:
    free, suffix = ref, 2
    while _taken(workspace, WorkflowRow.ref == free):
        free, suffix = f"{ref}-{suffix}", suffix + 1
    return free


def get(pk: WorkflowPk | None) -> Workflow:
    """In the trash or not. Raises WorkflowNotFound, for no key too."""
    for workflow in fields.find(Workflow, WorkflowRow, "pk = ?", (pk,)):
        return workflow
    raise WorkflowNotFound(_("There is no such workflow any more."))


def by_id(id_: str) -> Workflow | None:
    """In the trash or not."""
    return next(read(Workflow, WorkflowRow.select().where(WorkflowRow.id == id_)), None)


@frozen
class WorkflowIdentity:
    """What an execution takes of its workflow: keys, the name, and the label of the current version."""

    pk: WorkflowPk
    workspace: WorkspacePk
    name: str
    version: VersionPk | None
    label: str | None


def find_identity(id_: str) -> WorkflowIdentity | None:
    """Of one that is not in the trash. (A hot path.)"""
    found = database.rows(
        "SELECT w.pk, w.workspace, w.name, v.pk, v.version FROM workflows AS w"
        " LEFT JOIN workflow_versions AS v ON v.pk = w.current_version WHERE w.id = ? AND w.deleted_at IS NULL",
        (id_,),
    )
    return WorkflowIdentity(*found[0]) if found else None


def by_ref(workspace: WorkspacePk, ref: str, *, deleted: bool = False) -> Workflow | None:
    """Of the deleted ones, the last that had it."""
    query = WorkflowRow.select().where(
        WorkflowRow.workspace == workspace, WorkflowRow.ref == ref, WorkflowRow.deleted_at.is_null(not deleted)
    )
    return next(read(Workflow, query.order_by(WorkflowRow.deleted_at.desc())), None)


def by_file(workspace: WorkspacePk, folder: str, file: str) -> Workflow | None:
    """What was imported from this file; of several, the one that was imported last."""
    query = WorkflowRow.select().where(
        WorkflowRow.workspace == workspace, WorkflowRow.folder == folder, WorkflowRow.file == file,
        WorkflowRow.deleted_at.is_null(),
    )  # fmt: skip
    return next(read(Workflow, query.order_by(WorkflowRow.updated_at.desc(), WorkflowRow.pk.desc())), None)


def by_name(workspace: WorkspacePk, name: str) -> Workflow | None:
    """Exactly that name: in the default pack first, then the newest anywhere."""
    query = WorkflowRow.select().where(
        WorkflowRow.workspace == workspace, WorkflowRow.name == name, WorkflowRow.deleted_at.is_null()
    )
    first = (WorkflowRow.pack == DEFAULT_PACK).desc()
    return next(read(Workflow, query.order_by(first, WorkflowRow.pk.desc())), None)


def with_last_part(workspace: WorkspacePk, part: str, *, deleted: bool = False) -> tuple[Workflow, ...]:
    """Those whose ref is `pack.part`, whatever the pack."""
    query = WorkflowRow.select().where(
        WorkflowRow.workspace == workspace,
        WorkflowRow.deleted_at.is_null(not deleted),
        peewee.fn.substr(WorkflowRow.ref, peewee.fn.length(WorkflowRow.pack) + 2) == part,
    )
    return tuple(read(Workflow, query.order_by(WorkflowRow.pk.desc())))


def refs(workspace: WorkspacePk) -> list[str]:
    found = database.rows("SELECT ref FROM workflows WHERE workspace = ? AND deleted_at IS NULL", (workspace,))
    return [ref for (ref,) in found]


def update(
    workflow: Workflow, event: EventType, *, by: str | None = None, reason: str | None = None, **values: object
) -> Workflow:
    """Change the values given, if any of them is new. Raises Conflict when the row was changed meanwhile."""
    changed = {key: value for key, value in values.items() if _is_new(key, getattr(workflow, key), value)}
    if not changed:
        return workflow
    with database.transaction():
        if "name" in changed:
            check_free(workflow.workspace, workflow.pack, str(changed["name"]), but=workflow.pk)
        row_versions.change(WorkflowRow, workflow, changed)
        events.add(event, workflow=workflow.pk, message=reason, data=_old_and_new(workflow, changed), actor=by)
        database.record_change(Topic.WORKFLOWS, workflow.pk)
    return get(workflow.pk)


def _is_new(key: str, before: object, value: object) -> bool:
    """In JSON 1 is not true, as it is in Python."""
    if key == "config":
        return canonical(cast("Json", before)) != canonical(cast("Json", value))
    return before != value


def _old_and_new(workflow: Workflow, changed: Mapping[str, object]) -> Json:
    def plain(value: Any) -> Json:
        return times.to_ms(value) if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value

    return {key: [plain(getattr(workflow, key)), plain(value)] for key, value in changed.items()}


def touch(pk: WorkflowPk) -> None:
    """Note that something of the workflow was edited: its row version and time move on."""
    database.execute(
        "UPDATE workflows SET row_version = row_version + 1, updated_at = max(updated_at + 1, ?) WHERE pk = ?",
        (times.to_ms(times.now()), pk),
    )


def page(wanted: WorkflowFilter, after: str | None = None, limit: int = 50) -> Page[Workflow]:
    """Newest first."""
    query = _filtered(wanted)
    if after is not None:
        query = query.where(WorkflowRow.pk < int(paging.cursor(after)[0]))
    rows = tuple(read(Workflow, query.order_by(WorkflowRow.pk.desc()).limit(limit + 1)))
    return Page(rows[:limit], paging.next_key(rows[limit - 1].pk) if len(rows) > limit else None)


def among(wanted: WorkflowFilter, keys: Collection[WorkflowPk]) -> tuple[Workflow, ...]:
    """Those with one of these keys that the filter lets through."""
    return tuple(read(Workflow, _filtered(wanted).where(WorkflowRow.pk.in_([*keys]))))


def slice_(wanted: WorkflowFilter, limit: int, offset: int) -> tuple[Workflow, ...]:
    """Newest first, by offset, as SmartSpec Pro's callers ask."""
    query = _filtered(wanted).order_by(WorkflowRow.pk.desc()).limit(limit).offset(offset)
    return tuple(read(Workflow, query))


def count(wanted: WorkflowFilter) -> int:
    return int(_filtered(wanted).count())


def makers(workspace: WorkspacePk) -> tuple[str, ...]:
    """The names of those who made the workflows that are not in the trash, in their order."""
    query = _filtered(WorkflowFilter(workspace=workspace)).where(WorkflowRow.created_by.is_null(False))
    return tuple(sorted({str(each.created_by) for each in query.select(WorkflowRow.created_by).distinct()}))


def _filtered(wanted: WorkflowFilter) -> "peewee.ModelSelect[WorkflowRow]":
    query = WorkflowRow.select().where(WorkflowRow.deleted_at.is_null(not wanted.deleted))
    for column in ("workspace", "pack", "category", "created_by"):
        if (value := getattr(wanted, column)) is not None:
            query = query.where(getattr(WorkflowRow, column) == value)
    if wanted.status:
        query = query.where(WorkflowRow.status.in_([*wanted.status]))
    for part in filter(None, (wanted.name, *wanted.words)):
        query = query.where(WorkflowRow.pk.in_(named(part, wanted.or_tag)))
    for tag in sorted(wanted.tags):
        has = peewee.SQL(
            "EXISTS (SELECT 1 FROM json_each(iif(json_valid(tags), tags, '[]')) WHERE json_each.value = ?)", [tag]
        )
        query = query.where(has)
    return query


def named(part: str, or_tag: bool = False) -> list[WorkflowPk]:
    """The keys of those that hold a part in their name or ref, or, where asked, in a tag."""
    wanted = fold_name(part)
    sql = "SELECT pk, name || char(10) || ref, iif(json_valid(tags), tags, '[]') FROM workflows"
    return [
        pk
        for pk, name, tags in database.rows(sql)
        if wanted in fold_name(name) or (or_tag and any(wanted in fold_name(tag) for tag in json.loads(tags)))
    ]


def purge(workflow: Workflow, by: str | None, reason: str | None) -> None:
    """Remove it for good: its configs, schedules, working copy, and the versions that no execution points at."""
    with database.transaction():
        database.execute("INSERT INTO metadata VALUES ('removing', ?)", (f"purge of {workflow.ref}",))
        database.execute("UPDATE workflows SET current_version = NULL WHERE pk = ?", (workflow.pk,))
        database.execute("DELETE FROM schedules WHERE workflow = ?", (workflow.pk,))  # before the versions they pin
        unused = "workflow = ? AND pk NOT IN (SELECT version FROM executions WHERE version IS NOT NULL)"
        pointing = f"SELECT pk FROM workflow_versions WHERE {unused}"  # noqa: S608 - a constant
        for column in ("parent", "rolled_back_from"):
            database.execute(
                f"UPDATE workflow_versions SET {column} = NULL WHERE {column} IN ({pointing})",  # noqa: S608
                (workflow.pk,),
            )
        database.execute(f"DELETE FROM workflow_versions WHERE {unused}", (workflow.pk,))  # noqa: S608
        database.execute("DELETE FROM config_history WHERE workflow = ?", (workflow.pk,))
        database.execute("DELETE FROM metrics WHERE entity = ? AND entity_type IN ('workflow', 'task')", (workflow.pk,))
        database.execute("DELETE FROM workflows WHERE pk = ?", (workflow.pk,))
        database.execute("DELETE FROM metadata WHERE key = 'removing'")
        was = {"ref": workflow.ref, "workspace": workspaces.slug_of(workflow.workspace)}
        events.add(EventType.WORKFLOW_PURGED, workflow=workflow.pk, message=reason, data=was, actor=by)
        database.record_change(Topic.WORKFLOWS, workflow.pk)


def running(pk: WorkflowPk) -> int:
    """How many of its executions run at this moment."""
    return int(database.scalar("SELECT count(*) FROM executions WHERE workflow = ? AND status = 'running'", (pk,)))
