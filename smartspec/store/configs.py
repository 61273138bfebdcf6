"""The values that people set, and what they were before."""

from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.config import Config, ConfigChange, ValueType, read_value, stored_text
from smartspec.domain.event import EventType
from smartspec.domain.ids import WorkflowPk, new_id
from smartspec.domain.jsontext import Json
from smartspec.store import database, events
from smartspec.store.models.configs import ConfigHistoryRow, ConfigRow
from smartspec.store.models.fields import read


def set_(
    workflow: WorkflowPk, key: str, value: Json, kind: ValueType, description: str | None, by: str | None
) -> Config:
    """Insert or update; a value that is what it was changes nothing."""
    text = stored_text(value, kind)
    now = times.now()
    with database.transaction():
        old = _row(workflow, key)
        if old is None:
            ConfigRow.insert(
                id=new_id(),
                workflow=workflow,
                key=key,
                value=text,
                value_type=kind,
                description=description,
                created_at=now,
                updated_at=now,
            ).execute()
        else:
            kept = old.description if description is None else description
            if (old.value, old.value_type, old.description) == (text, kind, kept):
                return _config(old)
            changed = ConfigRow.update(value=text, value_type=kind, description=kept, updated_at=now)
            changed.where(ConfigRow.pk == old.pk).execute()
        _remember(workflow, key, old.value if old else None, text, kind, by, now)
    found = get(workflow, key)
    assert found is not None
    return found


def unset(workflow: WorkflowPk, key: str, by: str | None) -> bool:
    """False where there was none."""
    with database.transaction():
        old = _row(workflow, key)
        if old is None:
            return False
        ConfigRow.delete().where(ConfigRow.pk == old.pk).execute()
        _remember(workflow, key, old.value, None, old.value_type, by, times.now())
    return True


def get(workflow: WorkflowPk, key: str) -> Config | None:
    row = _row(workflow, key)
    return None if row is None else _config(row)


def of_workflow(workflow: WorkflowPk) -> tuple[Config, ...]:
    """In the order of their keys."""
    query = ConfigRow.select().where(ConfigRow.workflow == workflow).order_by(ConfigRow.key)
    return tuple(_config(row) for row in query)


def count() -> int:
    """How many there are of workflows that are not in the trash."""
    sql = "SELECT count(*) FROM configs c JOIN workflows w ON w.pk = c.workflow WHERE w.deleted_at IS NULL"
    return int(database.scalar(sql))


def history(workflow: WorkflowPk, key: str | None = None) -> tuple[ConfigChange, ...]:
    """Newest first."""
    query = ConfigHistoryRow.select().where(ConfigHistoryRow.workflow == workflow)
    if key is not None:
        query = query.where(ConfigHistoryRow.key == key)
    return tuple(read(ConfigChange, query.order_by(ConfigHistoryRow.pk.desc())))


def as_of(workflow: WorkflowPk, moment: datetime) -> dict[str, Json]:
    """The saved values as they were at a moment."""
    values: dict[str, Json] = {}
    query = ConfigHistoryRow.select().where(ConfigHistoryRow.workflow == workflow, ConfigHistoryRow.at <= moment)
    for change in read(ConfigChange, query.order_by(ConfigHistoryRow.pk)):
        if change.new is None:
            values.pop(change.key, None)
        else:
            values[change.key] = read_value(change.new, change.value_type, change.key)
    return dict(sorted(values.items()))


def _row(workflow: WorkflowPk, key: str) -> ConfigRow | None:
    found: ConfigRow | None = ConfigRow.get_or_none(ConfigRow.workflow == workflow, ConfigRow.key == key)
    return found


def _config(row: ConfigRow) -> Config:
    value = read_value(str(row.value), row.value_type, str(row.key))
    fields = row.__data__
    return Config(**{**fields, "value": value})


def _remember(
    workflow: WorkflowPk, key: str, old: str | None, new: str | None, kind: ValueType, by: str | None, at: datetime
) -> None:
    operation = "unset" if new is None else "set"
    ConfigHistoryRow.insert(
        workflow=workflow, key=key, old=old, new=new, value_type=kind, operation=operation, by=by, at=at
    ).execute()
    type_ = EventType.CONFIG_UNSET if new is None else EventType.CONFIG_SET
    events.add(type_, workflow=workflow, data={"key": key}, actor=by)
    database.record_change(Topic.CONFIGS, workflow)
