"""What statuses, triggers, kinds and events are called, by the word that is stored.

`…_WORDS` stand alone (a cell, a chip, a menu), `…_IN_TEXT` within a sentence or a line.
"""

from __future__ import annotations

from smartspec.messages import Message, _, _p

STATUS_WORDS: dict[str, Message] = {
    "pending": _("Pending"),
    "running": _("Running"),
    "retrying": _("Retrying"),
    "paused": _("Paused"),
    "interrupted": _("Interrupted"),
    "completed": _("Completed"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
    "timeout": _("Timeout"),
    "skipped": _("Skipped"),
    "draft": _("Draft"),
    "active": _("Active"),
    "inactive": _("Inactive"),
    "archived": _("Archived"),
    "damaged": _("Damaged"),  # a row of which a value cannot be read
}
STATUS_IN_TEXT: dict[str, Message] = {
    "pending": _("pending"),
    "running": _("running"),
    "retrying": _("retrying"),
    "paused": _("paused"),
    "interrupted": _("interrupted"),
    "completed": _("completed"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
    "timeout": _("timeout"),
    "skipped": _("skipped"),
    "draft": _("draft"),
    "active": _("active"),
    "inactive": _("inactive"),
    "archived": _("archived"),
    "damaged": _("damaged"),
}
REQUEST_WORDS: dict[str, Message] = {"cancel": _("Cancelling…"), "pause": _("Pausing…")}  # made of a running one
REQUEST_IN_TEXT: dict[str, Message] = {"cancel": _("cancelling…"), "pause": _("pausing…")}
TRIGGER_WORDS: dict[str, Message] = {
    "manual": _("By hand"),
    "cron": _p("a trigger", "Schedule"),
    "interval": _p("a trigger", "Schedule"),
    "once": _p("a trigger", "Schedule"),
    "event": _p("a trigger", "Event"),
    "catchup": _("Catch-up"),
    "replay": _p("a trigger", "Replay"),
    "sub_workflow": _p("a trigger", "Workflow"),
    "cli": _p("a trigger", "Terminal"),
    "api": _p("a trigger", "Program"),
    "external": _p("a trigger", "Outside"),
}
TRIGGER_IN_TEXT: dict[str, Message] = {
    "manual": _p("a trigger", "manual"),
    "cron": _p("a trigger", "cron"),
    "interval": _p("a trigger", "interval"),
    "once": _p("a trigger", "once"),
    "event": _p("a trigger", "event"),
    "catchup": _p("a trigger", "catchup"),
    "replay": _p("a trigger", "replay"),
    "sub_workflow": _p("a trigger", "sub_workflow"),
    "cli": _p("a trigger", "cli"),
    "api": _p("a trigger", "api"),
    "external": _p("a trigger", "external"),
}
KIND_WORDS: dict[str, Message] = {
    "workflow": _p("a kind of execution", "Workflow"),
    "tool": _p("a kind of execution", "Tool"),
    "command": _p("a kind of execution", "Command"),
    "external": _p("a kind of execution", "From outside"),
}
LIKELIHOOD_WORDS: dict[str, Message] = {
    "very likely": _("Very likely"),
    "likely": _("Likely"),
    "possible": _("Possible"),
    "unlikely": _("Unlikely"),
}
LEVEL_WORDS: dict[str, Message] = {
    "debug": _("Debug"),
    "info": _("Info"),
    "warn": _("Warning"),
    "error": _("Error"),
}
FINDING_WORDS: dict[str, Message] = {  # what explains the difference between two executions
    "definition": _("Definition"),
    "setting": _("Setting"),
    "input": _("Input"),
    "environment": _("Environment"),
    "disk": _("Disk"),
    "output": _("Output"),
    "duration": _("Duration"),
    "start": _p("a kind of finding", "Start"),
}
EVENT_WORDS: dict[str, Message] = {
    "workflow_created": _("workflow created"),
    "workflow_updated": _("workflow updated"),
    "workflow_renamed": _("workflow renamed"),
    "workflow_activated": _("workflow activated"),
    "workflow_deactivated": _("workflow deactivated"),
    "workflow_archived": _("workflow archived"),
    "workflow_deleted": _("workflow deleted"),
    "workflow_restored": _("workflow restored"),
    "workflow_purged": _("workflow purged"),
    "version_created": _("version created"),
    "version_rolled_back": _("version rolled back"),
    "config_set": _("config set"),
    "config_unset": _("config unset"),
    "execution_created": _("execution created"),
    "execution_started": _("execution started"),
    "execution_pause_requested": _("execution pause requested"),
    "execution_cancel_requested": _("execution cancel requested"),
    "execution_paused": _("execution paused"),
    "execution_resumed": _("execution resumed"),
    "execution_interrupted": _("execution interrupted"),
    "execution_decided": _("execution decided"),
    "execution_completed": _("execution completed"),
    "execution_failed": _("execution failed"),
    "execution_timeout": _("execution timeout"),
    "execution_cancelled": _("execution cancelled"),
    "execution_rerun": _("execution rerun"),
    "execution_warned": _("execution warned"),
    "execution_noted": _("execution noted"),
    "execution_deleted": _("execution deleted"),
    "execution_restored": _("execution restored"),
    "execution_purged": _("execution purged"),
    "task_started": _("task started"),
    "task_completed": _("task completed"),
    "task_failed": _("task failed"),
    "task_timeout": _("task timeout"),
    "task_skipped": _("task skipped"),
    "task_cancelled": _("task cancelled"),
    "task_interrupted": _("task interrupted"),
    "task_warned": _("task warned"),
    "task_retrying": _("task retrying"),
    "schedule_created": _("schedule created"),
    "schedule_updated": _("schedule updated"),
    "schedule_paused": _("schedule paused"),
    "schedule_resumed": _("schedule resumed"),
    "schedule_expired": _("schedule expired"),
    "schedule_file": _("file noticed"),
    "schedule_files_unseen": _("files not seen"),
    "schedule_files_seen": _("files seen again"),
    "schedule_error": _("schedule cannot go on"),
    "schedule_fired": _("schedule fired"),
    "schedule_skipped": _("schedule passed over"),
    "schedule_event": _("event said"),
    "schedule_deleted": _("schedule deleted"),
    "schedule_restored": _("schedule restored"),
    "clock_slept": _("computer slept"),
    "clock_changed": _("clock changed"),
    "clock_zone_changed": _("time zone changed"),
    "setting_changed": _("setting changed"),
    "workspace_created": _("workspace created"),
    "workspace_deleted": _("workspace deleted"),
    "database_migrated": _("database migrated"),
    "database_backed_up": _("database backed up"),
    "database_optimized": _("database optimized"),
    "database_restored": _("database restored"),
    "database_repaired": _("database repaired"),
    "alert_raised": _("alert raised"),
    "alert_told": _("alert told"),
    "alert_acknowledged": _("alert acknowledged"),
    "alert_snoozed": _("alert snoozed"),
    "alert_reopened": _("alert raised again"),
    "alert_closed": _("alert closed"),
    "notification_sent": _("somebody was told"),
    "notification_failed": _("a message did not arrive"),
    "ping_set": _("ping set"),
    "ping_removed": _("ping removed"),
    "ping_sent": _("ping sent"),
    "ping_failed": _("ping failed"),
}


SCHEDULE_STATUS_IN_TEXT: dict[str, Message] = {
    "active": _p("a schedule is", "active"),
    "paused": _p("a schedule is", "paused"),
    "expired": _p("a schedule is", "over"),
    "error": _p("a schedule is", "broken"),
}
DECISION_IN_TEXT: dict[str, Message] = {
    "ran": _p("a due time was", "ran"),
    "caught_up": _p("a due time was", "caught up"),
    "queued": _p("a due time was", "queued"),
    "replaced": _p("a due time was", "replaced"),
    "skipped_overlap": _p("a due time was", "skipped (overlap)"),
    "skipped_missed": _p("a due time was", "missed"),
    "skipped_asleep": _p("a due time was", "missed (asleep)"),
    "skipped_paused": _p("a due time was", "skipped (paused)"),
    "skipped_condition": _p("a due time was", "skipped (condition)"),
    "skipped_blackout": _p("a due time was", "skipped (blackout)"),
    "could_not_start": _p("a due time was", "could not start"),
}

ALERT_KIND_WORDS: dict[str, Message] = {
    "missed": _p("a kind of alert", "Missed"),
    "high_failure": _p("a kind of alert", "High failure"),
    "long_running": _p("a kind of alert", "Long running"),
    "disk_low": _p("a kind of alert", "Disk low"),
    "backup_old": _p("a kind of alert", "Backup old"),
}
ALERT_STATE_WORDS: dict[str, Message] = {
    "raised": _p("an alert is", "Raised"),
    "acknowledged": _p("an alert is", "Acknowledged"),
    "snoozed": _p("an alert is", "Snoozed"),
    "closed": _p("an alert is", "Closed"),
}


def status_in_text(status: str) -> str:
    """A status within a sentence; what is none (damaged, or of another program) as it stands."""
    return STATUS_IN_TEXT.get(status, status)


def trigger_in_text(trigger: str) -> str:
    """The same of what started an execution."""
    return TRIGGER_IN_TEXT.get(trigger, trigger)
