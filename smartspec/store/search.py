"""The full-text index over executions that have ended: names, errors, notes, ids, inputs, outputs and last lines.

The index holds no texts, only which words stand in which execution. Its row ids are ordered as lists are, newest
last: the moment of creation above the low bits of the key. What is taken out has to be told word for word, so an
execution is forgotten before its row changes, and indexed again after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from smartspec.domain import times
from smartspec.domain.engine.states import FINAL
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.domain.jsontext import dump
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.search.tokens import has_ideographs, index_text, tokenize
from smartspec.domain.text import fold
from smartspec.store import database

KEY_BITS = 20
_LONGEST_PART = 4_000  # characters of an input or output
_LONGEST_LINES = 8_000  # characters of the last lines of all tasks together
_MOST_TASKS = 50
_OF_WORKFLOW = "zzworkflow"  # a word that no one writes, with the key of the workflow behind it

JOINED = (
    f"execution_search AS found CROSS JOIN executions ON created_at = found.rowid >> {KEY_BITS}"
    f" AND (pk & {(1 << KEY_BITS) - 1}) = (found.rowid & {(1 << KEY_BITS) - 1})"
)
ADD = "INSERT INTO execution_search (rowid, text) VALUES (?, ?)"
_BEFORE_ALL = ExecutionPk(0)
_REMOVE = "INSERT INTO execution_search (execution_search, rowid, text) VALUES ('delete', ?, ?)"


def row_id(created_ms: int, pk: ExecutionPk = _BEFORE_ALL) -> int:
    """Of an execution; or, of none, the least that one of that moment may have."""
    return created_ms << KEY_BITS | (pk & ((1 << KEY_BITS) - 1))


# Keeping it


def index(execution: Execution) -> None:
    """Make an execution that has ended findable. Inside the transaction of its end or change."""
    if execution.status in FINAL:
        database.execute(ADD, _document(execution))


def forget(execution: Execution) -> None:
    """Before an execution that has ended changes or goes."""
    if execution.status in FINAL:
        database.execute(_REMOVE, _document(execution))


def _document(execution: Execution) -> tuple[int, str]:
    parts = text_of(execution)
    return row_id(times.to_ms(execution.created_at), execution.pk), document_text(execution.workflow, parts)


def document_text(workflow: WorkflowPk | None, text: str) -> str:
    """What is given to the index for a text."""
    return f"{_OF_WORKFLOW}{workflow or 0} {index_text(text)}"


def text_of(execution: Execution) -> str:
    """All that is searched of an execution, as it stands."""
    return searched_text(
        execution.workflow_name, execution.error, execution.note, execution.correlation_id,
        None if execution.input is None else dump(execution.input),
        None if execution.output is None else dump(execution.output),
        _last_lines(execution.pk) if execution.tasks_total else "",
    )  # fmt: skip


def searched_text(
    name: str, error: str | None, note: str | None, correlation: str | None, given: str | None, output: str | None,
    lines: str = "",
) -> str:  # fmt: skip
    """The searched parts of an execution, one a line, the long ones cut; `given` and `output` are JSON text."""
    parts = [part[:_LONGEST_LINES] for part in (name, error, note, correlation, lines) if part]
    return "\n".join(parts + [part[:_LONGEST_PART] for part in (given, output) if part])


def _last_lines(pk: ExecutionPk) -> str:
    sql = "SELECT excerpt FROM task_executions WHERE execution = ? AND excerpt IS NOT NULL ORDER BY pk LIMIT ?"
    return "\n".join(excerpt for (excerpt,) in database.rows(sql, (pk, _MOST_TASKS)))


def line_found(execution: Execution, wanted: ExecutionFilter) -> str | None:
    """The line of an execution, its name aside, in which most of what was searched for stands."""
    asked = [fold(each) for each in (*wanted.phrases, *wanted.words)]
    lines = text_of(execution).split("\n")[1:] if asked else []
    found = [(sum(each in fold(line) for each in asked), line) for line in lines]
    most, line = max(found, key=lambda each: each[0], default=(0, None))
    return line if most else None


def optimize() -> None:
    """Merge the pieces that many small writes have left."""
    with database.transaction():
        database.execute("INSERT INTO execution_search (execution_search) VALUES ('optimize')")


# Asking it


def expression(wanted: ExecutionFilter) -> str | None:
    """What the index is asked for the words and phrases of a filter; None where nothing can be found."""
    parts = [_word(word) for word in wanted.words]
    parts += [_all(tokenize(phrase)) for phrase in wanted.phrases]
    if wanted.workflow is not None:
        parts.append(_exactly(f"{_OF_WORKFLOW}{wanted.workflow}"))
    return None if None in parts else " AND ".join(f"({part})" for part in parts)


def _word(word: str) -> str | None:
    """The word as a beginning, or one of the workflows that have it in a tag."""
    found = tokenize(word)
    if not found:
        return None
    *whole, last = map(_exactly, found)
    asked = " AND ".join([*whole, f"{last}*" if len(found[-1]) > 1 or has_ideographs(found[-1]) else last])
    tagged = [_exactly(f"{_OF_WORKFLOW}{pk}") for pk in _tagged(word)]
    return " OR ".join([f"({asked})", *tagged])


def _all(found: list[str]) -> str | None:
    return " AND ".join(map(_exactly, found)) or None


def _exactly(token: str) -> str:
    return f'"{token}"'


def _tagged(word: str) -> list[int]:
    """The workflows with a tag that begins so."""
    rows = database.rows(
        "SELECT w.pk, t.value FROM workflows AS w, json_each(iif(json_valid(w.tags), w.tags, '[]')) AS t"
        " WHERE w.tags <> '[]'"
    )
    return sorted({pk for pk, tag in rows if fold(tag).startswith(fold(word))})


def verifier(wanted: ExecutionFilter) -> Callable[[Execution], bool] | None:
    """What a hit has to be asked besides, where the index cannot tell: the order of words, longer runs of Han."""
    exact = [*wanted.phrases, *(word for word in wanted.words if has_ideographs(word) and len(word) > 2)]
    folded = [fold(each) for each in exact]

    def holds(execution: Execution) -> bool:
        return any(all(each in text for each in folded) for text in map(fold, _beginning_and_all(execution)))

    return holds if folded else None


def _beginning_and_all(execution: Execution) -> Iterator[str]:
    """How the searched text begins, as its own row says; then all of it, for which its tasks are read."""
    yield searched_text(
        execution.workflow_name, execution.error, execution.note, execution.correlation_id, None, None
    )  # fmt: skip
    yield text_of(execution)


def reader(wanted: ExecutionFilter) -> Callable[[Execution], bool]:
    """What tells whether the words and phrases stand in an execution that is not indexed."""
    phrases = [fold(phrase) for phrase in wanted.phrases]
    words = [(fold(word), frozenset(_tagged(word))) for word in wanted.words]

    def holds(execution: Execution) -> bool:
        text = fold(text_of(execution))
        known = tokenize(text)
        return all(phrase in text for phrase in phrases) and all(
            execution.workflow in tagged or _holds_word(word, text, known) for word, tagged in words
        )

    return holds


def _holds_word(word: str, text: str, known: list[str]) -> bool:
    if has_ideographs(word):
        return word in text
    asked = tokenize(word)
    if not asked or not all(each in known for each in asked[:-1]):
        return False
    last = asked[-1]
    return any(token.startswith(last) for token in known) if len(last) > 1 else last in known
