"""Every model, in the order of the tables, and the columns that none of them reads."""

import peewee

from smartspec.store.models.alerts import AlertRow
from smartspec.store.models.calendars import CalendarRow
from smartspec.store.models.configs import ConfigHistoryRow, ConfigRow
from smartspec.store.models.events import EventRow
from smartspec.store.models.executions import EnvironmentRow, ExecutionRow, TaskExecutionRow
from smartspec.store.models.jobs import JobRow
from smartspec.store.models.metrics import MetricRow
from smartspec.store.models.runners import RunnerRow
from smartspec.store.models.schedules import FiringRow, ScheduleRow
from smartspec.store.models.settings import MetadataRow, SettingRow
from smartspec.store.models.tools import ToolRow
from smartspec.store.models.watches import WatchedFileRow, WatchRow
from smartspec.store.models.workflows import VersionRow, WorkflowRow, WorkingCopyRow
from smartspec.store.models.workspaces import WorkspaceRow

# columns that a list of rows is better off without; whoever wants one reads it by itself (`store.logs`)
APART: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "task_executions": (("log_times", "BLOB", False), ("log", "BLOB", False)),
    "schedules": (("decided_event", "INTEGER", False),),
}
MODELS: tuple[type[peewee.Model], ...] = (
    MetadataRow,
    WorkspaceRow,
    RunnerRow,
    WorkflowRow,
    VersionRow,
    WorkingCopyRow,
    ConfigRow,
    ConfigHistoryRow,
    ToolRow,
    EnvironmentRow,
    ExecutionRow,
    TaskExecutionRow,
    EventRow,
    ScheduleRow,
    FiringRow,
    WatchRow,
    WatchedFileRow,
    CalendarRow,
    MetricRow,
    AlertRow,
    JobRow,
    SettingRow,
)
