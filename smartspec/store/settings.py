"""What the user chose for the application."""

from smartspec.changes import Topic
from smartspec.domain.event import EventType
from smartspec.domain.jsontext import Json
from smartspec.store import database, events
from smartspec.store.models.settings import SettingRow


def get(key: str) -> Json:
    """The saved value, or None."""
    row = SettingRow.get_or_none(SettingRow.key == key)
    return None if row is None else row.value


def all_() -> dict[str, Json]:
    return {row.key: row.value for row in SettingRow.select().order_by(SettingRow.key)}


def set_(key: str, value: Json) -> None:
    """None removes it."""
    with database.transaction():
        if value is None:
            SettingRow.delete().where(SettingRow.key == key).execute()
        else:
            SettingRow.insert(key=key, value=value).on_conflict_replace().execute()
        events.add(EventType.SETTING_CHANGED, data={"key": key, "value": value})
        database.record_change(Topic.SETTINGS, 0)
