"""Values that were masked in the record and are not kept any more: what asks for them fails, with the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

REDACTED_NAME = ""  # among the names of templates; no template can write it
RESULT = "result"  # the key of what is no output by itself
Redacted = Mapping[str, Mapping[str, str]]  # by task and key of its outputs: the sentence


def redaction_problem(chains: Iterable[Sequence[str | None]], names: Mapping[str, object]) -> str | None:
    """Why one of some chains of names cannot be followed; None where all can."""
    redacted = names.get(REDACTED_NAME)
    if not isinstance(redacted, dict) or not redacted:
        return None
    found = (_of_chain(chain, redacted) for chain in chains if chain[0] == "tasks")
    return next((each for each in found if each is not None), None)


def _of_chain(chain: Sequence[str | None], redacted: Redacted) -> str | None:
    """`chain` begins with tasks; a step that is not known may be any."""
    task, field, *rest = [*chain[1:], None, None][: max(2, len(chain) - 1)]
    tasks = [redacted.get(task, {})] if task is not None else redacted.values()
    key = next((step for step in rest if step is not None), None)
    for keys in tasks:
        for name, why in keys.items():
            is_asked = field is None or ((field == "result") is (name == RESULT) and field in ("outputs", "result"))
            if is_asked and (name == RESULT or key in (None, name)):
                return why
    return None
