"""The versions that are stored: added, never changed."""

import json
from collections.abc import Mapping
from typing import Any

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.damage import Unreadable
from smartspec.domain.definition.definition_hash import definition_hash
from smartspec.domain.event import EventType
from smartspec.domain.ids import VersionPk, WorkflowPk, WorkspacePk
from smartspec.domain.jsontext import Json, JsonObject, as_text, dump
from smartspec.domain.page import Page
from smartspec.domain.version import Version, next_label
from smartspec.errors import DatabaseDamaged, VersionNotFound
from smartspec.messages import _
from smartspec.store import database, events, hash_chain, paging
from smartspec.store.models import fields
from smartspec.store.models.fields import read
from smartspec.store.models.workflows import VersionRow, WorkflowRow
from smartspec.value import replace


def add(
    workflow: WorkflowPk,
    source: str,
    source_format: str,
    tree: JsonObject,
    *,
    change_log: str | None = None,
    rolled_back_from: int | None = None,
    by: str | None = None,
) -> Version:
    """The next version of a workflow, which becomes the current one."""
    with database.transaction():
        parent = current(workflow)
        row: dict[str, Any] = {
            "number": parent.number + 1 if parent else 1,
            "version": next_label_of(workflow, tree),
            "source": source,
            "source_format": source_format,
            "definition": tree,
            "definition_hash": definition_hash(tree),
            "change_log": change_log,
            "created_by": by,
            "created_at": times.now(),
        }
        pk = VersionRow.insert(
            **row,
            workflow=workflow,
            param_schema=tree.get("params"),
            parent=parent.pk if parent else None,
            rolled_back_from=rolled_back_from,
            chain_hash=_chain_hash(parent, row),
        ).execute()
        WorkflowRow.update(current_version=pk).where(WorkflowRow.pk == workflow).execute()
        type_ = EventType.VERSION_CREATED if rolled_back_from is None else EventType.VERSION_ROLLED_BACK
        made = get(pk)
        data: Json = {"number": made.number, "version": made.version}
        events.add(type_, workflow=workflow, message=change_log, data=data, actor=by)
        database.record_change(Topic.VERSIONS, workflow)
        database.record_change(Topic.WORKFLOWS, workflow)
    return made


def next_label_of(workflow: WorkflowPk | None, tree: JsonObject) -> str:
    """What the next version of a workflow (None: of a new one) would be called."""
    labels = database.rows("SELECT version FROM workflow_versions WHERE workflow = ?", (workflow,))
    return next_label(as_text(tree.get("version")), {label for (label,) in labels})


def _chain_hash(parent: Version | None, row: Mapping[str, Any]) -> str:
    sql = "SELECT chain_hash FROM workflow_versions WHERE pk = ?"
    before = database.scalar(sql, (parent.pk,)) if parent else None
    stored = {**row, "definition": dump(row["definition"]), "created_at": times.to_ms(row["created_at"])}
    return hash_chain.hash_of(before, [stored[name] for name in hash_chain.HASHED])


def get(pk: VersionPk | None) -> Version:
    """Raises VersionNotFound, for no key too."""
    for version in fields.find(Version, VersionRow, "pk = ?", (pk,)):
        return _whole(_labelled(version))
    raise VersionNotFound(_("There is no such version."))


def find(workflow: WorkflowPk, which: str) -> Version:
    """By label, or by number (also written #3). Raises VersionNotFound."""
    by_label = VersionRow.version == which
    number = which.removeprefix("#")
    wanted = by_label | (VersionRow.number == int(number)) if number.isdecimal() and len(number) < 10 else by_label
    query = VersionRow.select().where(VersionRow.workflow == workflow, wanted)
    for version in read(Version, query.order_by(by_label.desc())):
        return _whole(_labelled(version))
    raise VersionNotFound(_("There is no version “{which}”; `smartspec versions` lists them.", which=which))


def current(workflow: WorkflowPk) -> Version | None:
    """The newest one."""
    query = VersionRow.select().where(VersionRow.workflow == workflow).order_by(VersionRow.number.desc()).limit(1)
    return next((_whole(_labelled(version)) for version in read(Version, query)), None)


def with_locks(workspace: WorkspacePk) -> list[JsonObject]:
    """The current definitions that may hold a lock while another workflow runs inside of them."""
    sql = (
        "SELECT v.definition FROM workflows w JOIN workflow_versions v ON v.pk = w.current_version"
        " WHERE w.workspace = ? AND w.deleted_at IS NULL AND instr(v.definition, '\"workflow\"')"
        " AND (instr(v.definition, '\"uses\"') OR instr(v.definition, '\"max_running\"'))"
    )
    return [json.loads(definition) for (definition,) in database.rows(sql, (workspace,))]


def page(workflow: WorkflowPk, after: str | None = None, limit: int = 200) -> Page[Version]:
    """Newest first."""
    query = VersionRow.select().where(VersionRow.workflow == workflow).order_by(VersionRow.number.desc())
    if after is not None:
        query = query.where(VersionRow.number < int(paging.cursor(after)[0]))
    rows = tuple(_labelled(version) for version in read(Version, query.limit(limit + 1)))
    return Page(rows[:limit], paging.next_key(rows[limit - 1].number) if len(rows) > limit else None)


def count(workflow: WorkflowPk) -> int:
    return int(database.scalar("SELECT count(*) FROM workflow_versions WHERE workflow = ?", (workflow,)))


def _whole(version: Version) -> Version:
    """Raises DatabaseDamaged where it does not say what it defines."""
    if isinstance(version.definition, Unreadable):
        raise DatabaseDamaged(
            _(
                "The definition of version {version} cannot be read: its row is damaged. `smartspec db restore` "
                "takes the newest backup.",
                version=version.version,
            )
        )
    return version


def _labelled(version: Version) -> Version:
    """With `text_only` set where it means the same as its parent."""
    if version.parent is None:
        return version
    before = database.scalar("SELECT definition_hash FROM workflow_versions WHERE pk = ?", (version.parent,))
    return replace(version, text_only=before == version.definition_hash)
