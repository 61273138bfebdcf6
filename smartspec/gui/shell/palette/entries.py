"""What the palette finds: workflows by name, executions by number or words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from smartspec.commands import executions, workflows
from smartspec.domain.execution import Execution
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.value import frozen

_MOST = 8


@frozen
class Entry:
    """A line of the palette; without `do` it is the head of a group. `run` is what Ctrl+Enter does."""

    text: str
    icon: str = ""
    colour: str = "text2"
    more: str = ""
    keys: str = ""
    name: str = ""
    do: Callable[[], object] | None = None
    run: Callable[[], object] | None = None


def fits(text: str, words: Iterable[str]) -> bool:
    """Whether each word begins one of the text's."""
    parts = text.lower().split()
    return all(any(part.startswith(word) for part in parts) for word in words)


def find_entries(text: str, words: list[str], workspace: str) -> tuple[tuple[Workflow, ...], tuple[Execution, ...]]:
    """Workflows by name; executions by number, else by words; nothing where the text is no search."""
    found: tuple[Workflow, ...] = ()
    if not text.startswith("#"):
        name = words[0] if words else None
        page = workflows.list_workflows(WorkflowFilter(name=name), limit=200, workspace=workspace)
        found = tuple(each for each in page.rows if fits(f"{each.name} {each.ref}", words))[:_MOST]
    number = text.strip().lstrip("#")
    if text.startswith("#") and number.isdecimal():
        return found, _by_number(number, workspace)
    if not words:
        return found, executions.list_executions(limit=3, workspace=workspace).rows
    try:
        return found, executions.search_executions(" ".join(words), limit=5, workspace=workspace).rows
    except SmartSpecError:
        return found, ()


def _by_number(number: str, workspace: str) -> tuple[Execution, ...]:
    found = []
    for each in workflows.list_workflows(limit=200, workspace=workspace).rows:
        try:
            found.append(executions.get_execution(f"{each.ref}#{number}", workspace))
        except SmartSpecError:
            continue
    return tuple(found[:_MOST])
