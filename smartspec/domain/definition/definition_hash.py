"""The hash of what a definition means."""

from __future__ import annotations

import hashlib

from smartspec.domain.jsontext import Json, JsonObject, canonical

# What says nothing about what the workflow does, and so has no part in its hash.
_DECORATION = frozenset({"name", "pack", "version", "description", "category", "tags"})


def definition_hash(tree: JsonObject) -> str:
    """sha256 of the meaning: without names and words about it, and with the order of tasks, which is meaning."""
    meaning = {key: value for key, value in _without_extensions(tree).items() if key not in _DECORATION}
    for holder in ("tasks", "handlers"):
        if isinstance(tasks := tree.get(holder), dict):
            meaning[holder] = _task_pairs(tasks)
    return hashlib.sha256(canonical(meaning).encode()).hexdigest()


def _task_pairs(tasks: JsonObject) -> list[Json]:
    """A mapping of tasks as pairs, so that canonical JSON keeps their order."""
    return [[name, _task_meaning(body) if isinstance(body, dict) else body] for name, body in tasks.items()]


def _task_meaning(body: JsonObject) -> dict[str, Json]:
    meaning = _without_extensions(body)
    if isinstance(members := body.get("parallel"), dict):
        meaning["parallel"] = _task_pairs(members)
    if isinstance(steps := body.get("sequential"), list):
        meaning["sequential"] = [_task_pairs(step) for step in steps if isinstance(step, dict)]
    return meaning


def _without_extensions(body: JsonObject) -> dict[str, Json]:
    return {key: value for key, value in body.items() if not key.startswith("x-")}
