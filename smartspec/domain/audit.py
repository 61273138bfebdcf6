"""The audit trail: who did what, and when, to workflows, their versions, settings and schedules."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from smartspec.domain import ping
from smartspec.domain.event import Event, EventType
from smartspec.domain.ids import WorkflowPk, WorkspacePk
from smartspec.domain.jsontext import Json, as_mapping, texts
from smartspec.messages import Message, _, listed
from smartspec.value import frozen

E = EventType


class AuditKind(StrEnum):
    """What was done, as one filters it."""

    CREATED = "created"
    EDITED = "edited"
    RENAMED = "renamed"
    STATUS = "status"
    DELETED = "deleted"
    RESTORED = "restored"
    VERSION = "version"
    ROLLBACK = "rollback"
    SETTING = "setting"
    SCHEDULE = "schedule"


KIND_OF = {
    E.WORKFLOW_CREATED: AuditKind.CREATED, E.WORKFLOW_UPDATED: AuditKind.EDITED, E.WORKFLOW_RENAMED: AuditKind.RENAMED,
    E.WORKFLOW_ACTIVATED: AuditKind.STATUS, E.WORKFLOW_DEACTIVATED: AuditKind.STATUS,
    E.WORKFLOW_ARCHIVED: AuditKind.STATUS, E.WORKFLOW_DELETED: AuditKind.DELETED,
    E.WORKFLOW_PURGED: AuditKind.DELETED, E.WORKFLOW_RESTORED: AuditKind.RESTORED,
    E.VERSION_CREATED: AuditKind.VERSION, E.VERSION_ROLLED_BACK: AuditKind.ROLLBACK,
    E.CONFIG_SET: AuditKind.SETTING, E.CONFIG_UNSET: AuditKind.SETTING,
    E.SCHEDULE_CREATED: AuditKind.SCHEDULE, E.SCHEDULE_UPDATED: AuditKind.SCHEDULE,
    E.SCHEDULE_PAUSED: AuditKind.SCHEDULE, E.SCHEDULE_RESUMED: AuditKind.SCHEDULE,
    E.SCHEDULE_DELETED: AuditKind.SCHEDULE, E.SCHEDULE_RESTORED: AuditKind.SCHEDULE,
    E.PING_SET: AuditKind.SETTING, E.PING_REMOVED: AuditKind.SETTING,
    E.PING_SENT: AuditKind.SETTING, E.PING_FAILED: AuditKind.SETTING,
}  # fmt: skip


@frozen(kw_only=True)
class AuditFilter:
    """Half open: from `since`, before `until`. `text` is a part of the workflow's name or ref, or of what was said."""

    workspace: WorkspacePk | None = None
    workflow: WorkflowPk | None = None
    actor: str | None = None
    kinds: frozenset[AuditKind] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


@frozen
class AuditEntry:
    """An event, and the workflow that it is of; `workflow_id` is None where that was purged: then `ref` was its ref."""

    event: Event
    workflow_id: str | None
    name: str
    ref: str
    is_in_trash: bool

    @property
    def kind(self) -> AuditKind | None:
        return KIND_OF.get(self.event.type)


def describe(event: Event) -> Message | str:
    """What exactly was done, beside what kind of thing it was. Values of settings are not told: some are secret."""
    data = as_mapping(event.data)
    if event.type is E.WORKFLOW_RENAMED and isinstance(data.get("name"), list):
        old, new = _pair(data["name"])
        return _("“{old}” → “{new}”", old=old, new=new)
    if event.type is E.WORKFLOW_UPDATED:
        return listed(sorted(data)) if data else ""
    if event.type in (E.VERSION_CREATED, E.VERSION_ROLLED_BACK):
        return _version(data.get("version"), event.message)
    if event.type in (E.CONFIG_SET, E.CONFIG_UNSET):
        return str(data.get("key", ""))
    if KIND_OF.get(event.type) is AuditKind.SCHEDULE:
        return _schedule(str(data.get("name", "")), texts(data.get("changed")))
    if event.type in (E.PING_SET, E.PING_REMOVED):
        return ping.source_in_text(data)
    if event.type in (E.PING_SENT, E.PING_FAILED):
        return ping.outcome_in_text(data)
    if "status" in data:
        old, new = _pair(data["status"])
        return f"{old} → {new}"
    return event.message or ""


def _version(label: Json, message: str | None) -> str:
    return f"v{label}: {message}" if message else f"v{label}"


def _schedule(name: str, changed: list[str]) -> Message | str:
    return _("“{name}”: {changed}", name=name, changed=listed(changed)) if changed else name


def _pair(values: Json) -> tuple[str, str]:
    """The old and the new one."""
    both = values if isinstance(values, list) and len(values) == 2 else ["", ""]
    return str(both[0]), str(both[1])
