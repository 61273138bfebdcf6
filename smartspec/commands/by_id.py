"""Rows by the ids that other programs keep, and lists by offset, as they ask for them."""

from smartspec.domain.config import Config
from smartspec.domain.execution import Execution
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.store import configs, executions, history, versions, workflows


def find_workflow(id_: str) -> Workflow | None:
    """Also one in the trash."""
    return workflows.by_id(id_)


def slice_workflows(wanted: WorkflowFilter, limit: int, offset: int) -> tuple[Workflow, ...]:
    """Newest first."""
    return workflows.slice_(wanted, limit, offset)


def version_label(workflow: Workflow) -> str | None:
    """That of its current version; None where it has none."""
    return versions.get(workflow.current_version).version if workflow.current_version else None


def find_execution(id_: str) -> Execution | None:
    """Also one in the trash."""
    return executions.by_id(id_)


def slice_executions(wanted: ExecutionFilter, limit: int, offset: int) -> tuple[Execution, ...]:
    """Newest first."""
    return history.slice_(wanted, limit, offset)


def find_config(workflow: Workflow, key: str) -> Config | None:
    """A value that was set, as it is kept."""
    return configs.get(workflow.pk, key)


def configs_of(workflow: Workflow) -> tuple[Config, ...]:
    """The values that were set, as they are kept."""
    return tuple(configs.of_workflow(workflow.pk))
