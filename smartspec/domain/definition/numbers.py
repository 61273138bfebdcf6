"""The numbers of a definition, each held against its range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smartspec.domain.definition.nodes import Path, PathProblem
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES, duration_problem, number_problem
from smartspec.messages import _

_EXIT = re.compile(r"exit (\d+)")


def findings(tree: Mapping[str, Json]) -> Iterator[PathProblem]:
    """What is out of its range, where it stands in the file."""
    yield from _durations(tree, ("timeout",), ())
    yield from _numbers(tree, ("concurrency", "max_running", "priority"), ())
    defaults = tree.get("defaults")
    if isinstance(defaults, dict):
        yield from _of_task(defaults, ("defaults",))
    for holder in ("tasks", "handlers"):
        yield from _of_tasks(tree.get(holder), (holder,))


def _of_tasks(tasks: Json, path: Path) -> Iterator[PathProblem]:
    """Every task of a mapping, and those in groups."""
    waiting: list[tuple[Json, Path]] = [(tasks, path)]
    while waiting:
        tasks, path = waiting.pop()
        for name, body in tasks.items() if isinstance(tasks, dict) else ():
            if not isinstance(body, dict):
                continue
            here = (*path, name)
            yield from _of_task(body, here)
            if "parallel" in body:
                waiting.append((body["parallel"], (*here, "parallel")))
            steps = body.get("sequential")
            for index, step in enumerate(steps if isinstance(steps, list) else ()):
                waiting.append((step, (*here, "sequential", index)))


def _of_task(body: Mapping[str, Json], path: Path) -> Iterator[PathProblem]:
    yield from _durations(body, ("timeout", "wait"), path)
    yield from _numbers(body, ("concurrency", "join"), path)
    retry = body.get("retry")
    if not isinstance(retry, dict):
        return
    yield from _durations(retry, ("delay", "max_delay"), (*path, "retry"), "retry.")
    yield from _numbers(retry, ("max", "backoff", "jitter"), (*path, "retry"), "retry.")
    when = retry.get("when")
    for index, each in enumerate(when if isinstance(when, list) else ()):
        match = _EXIT.fullmatch(each) if isinstance(each, str) else None
        if match and (len(match[1]) > 10 or int(match[1]) not in RANGES["exit"]):
            sentence = _(
                "No process ends with {code}: exit codes are 0 to {largest}.",
                code=match[1][:20], largest=f"{RANGES['exit'].largest:,}",
            )  # fmt: skip
            yield (*path, "retry", "when", index), sentence


def _durations(body: Mapping[str, Json], keys: tuple[str, ...], path: Path, prefix: str = "") -> Iterator[PathProblem]:
    for key in keys:
        if isinstance(body.get(key), str | int | float) and (sentence := duration_problem(body[key], prefix + key)):
            yield (*path, key), sentence


def _numbers(body: Mapping[str, Json], keys: tuple[str, ...], path: Path, prefix: str = "") -> Iterator[PathProblem]:
    for key in keys:
        if key in body and (sentence := number_problem(body[key], prefix + key)):
            yield (*path, key), sentence
