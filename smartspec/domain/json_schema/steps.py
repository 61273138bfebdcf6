"""How many steps it takes at most to validate a value: a small JSON Schema can mean more than a machine can do.

Thirty schemas that each name the one before twice validate one value 2 ** 30 times. It is counted, not done.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from smartspec.domain.json_schema.references import SchemaIndex, children, endless_loop, references
from smartspec.domain.json_schema.validation import Path
from smartspec.domain.jsontext import Json, JsonObject, as_list
from smartspec.value import field, mutable

MOST_STEPS = 5_000_000
DEEPEST_CHAIN = 50  # references and combinations that follow one another on one value: native stacks are small
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")


def is_linear(index: SchemaIndex) -> bool:
    """Whether each subschema validates each value once at most, so that nothing needs to be counted."""
    return not count_unevaluated(index) and not any(any(references(each)) for each in index.subschemas.values())


def count_unevaluated(index: SchemaIndex) -> int:
    """How many subschemas validate what others left."""
    return sum(
        isinstance(schema, dict) and any(each in schema for each in _UNEVALUATED)
        for schema in index.subschemas.values()
    )


def is_too_costly(schema: Json, value: Json, most: int = MOST_STEPS) -> bool:
    """Whether validating a value may take more steps than are allowed, or never ends."""
    index = SchemaIndex(schema)
    if is_linear(index):
        return False
    return endless_loop(index) is not None or _StepCounter(index, most).steps(value) > most


@mutable
class _State:
    """What validates the values at one kind of place: subschemas, and by how many paths each is reached."""

    path_counts: dict[Path, int]
    steps: int  # for one such value
    per_entry: int  # further ones for each of its entries: what is not evaluated is found by validating anew
    names: frozenset[str]  # of properties that are validated otherwise than others
    places: int  # the entries of lists that are validated otherwise than those behind them
    inside: dict[str | int | None, _State | None] = field(default_factory=dict)  # by name or place; None: any other


class _StepCounter:
    """Counts for one schema; counting stops soon after `most`."""

    def __init__(self, index: SchemaIndex, most: int) -> None:
        self._index = index
        self._most = most
        self._rank = _ranks(index)
        self._states: dict[frozenset[tuple[Path, int]], _State] = {}

    def steps(self, value: Json) -> int:
        """An upper bound."""
        total = 0
        waiting: list[tuple[Json, _State]] = [(value, self._state({(): 1}))]
        while waiting and total <= self._most:
            value, state = waiting.pop()
            entries = len(value) if isinstance(value, dict | list) else 0
            total += state.steps + state.per_entry * entries
            pairs = value.items() if isinstance(value, dict) else enumerate(as_list(value))
            for key, each in pairs:
                if (inner := self._inner(state, key)) is not None:
                    waiting.append((each, inner))
        return total

    def _inner(self, state: _State, key: str | int) -> _State | None:
        known = key < state.places if isinstance(key, int) else key in state.names
        kind = key if known else -1 if isinstance(key, int) else None
        if kind not in state.inside:
            state.inside[kind] = self._made(state, key)
        return state.inside[kind]

    def _made(self, state: _State, key: str | int) -> _State | None:
        inner: dict[Path, int] = {}
        for path, count in state.path_counts.items():
            for keyword, where, _ in children(path, self._index.subschemas[path]):
                if where in self._index.subschemas and _applies(keyword, where, key):
                    inner[where] = inner.get(where, 0) + count
        return self._state(inner) if inner else None

    def _state(self, started: dict[Path, int]) -> _State:
        known = frozenset(started.items())
        if known not in self._states:
            self._states[known] = self._new_state(self._spread(dict(started)))
        return self._states[known]

    def _new_state(self, path_counts: dict[Path, int]) -> _State:
        schemas = [(self._index.subschemas[path], count) for path, count in path_counts.items()]
        mappings = [(schema, count) for schema, count in schemas if isinstance(schema, dict)]
        return _State(
            path_counts=path_counts,
            steps=sum(path_counts.values()),
            per_entry=sum(count for schema, count in mappings if any(each in schema for each in _UNEVALUATED)),
            names=frozenset(name for schema, _ in mappings for name in _mapping(schema.get("properties"))),
            places=max((_places(schema) for schema, _ in mappings), default=0),
        )

    def _spread(self, path_counts: dict[Path, int]) -> dict[Path, int]:
        """With all that validates the same value, each by as many paths as lead to it."""
        heap = [(self._rank[path], path) for path in path_counts]
        heapify(heap)
        while heap:
            _, path = heappop(heap)
            for _, following in self._index.same_value(path):
                if following not in path_counts:
                    heappush(heap, (self._rank[following], following))
                path_counts[following] = min(path_counts.get(following, 0) + path_counts[path], self._most + 1)
        return path_counts


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _places(schema: JsonObject) -> int:
    return max(len(as_list(schema.get(keyword))) for keyword in ("prefixItems", "items"))


def _ranks(index: SchemaIndex) -> dict[Path, int]:
    """An order in which a subschema comes before all that it hands its value to. There must be no endless loop."""
    order: list[Path] = []
    seen: set[Path] = set()
    for root in index.subschemas:
        if root in seen:
            continue
        seen.add(root)
        work = [(root, index.same_value(root))]
        while work:
            path, rest = work[-1]
            following = next((each for _, each in rest if each not in seen), None)
            if following is None:
                work.pop()
                order.append(path)
            else:
                seen.add(following)
                work.append((following, index.same_value(following)))
    return {path: rank for rank, path in enumerate(reversed(order))}


def _applies(keyword: str, where: Path, key: str | int) -> bool:
    """Whether a subschema may validate what is under a key; patterns are taken to match."""
    if isinstance(key, int):
        if keyword == "prefixItems" or (keyword == "items" and isinstance(where[-1], int)):
            return where[-1] == key
        return keyword in ("items", "additionalItems", "contains", "unevaluatedItems")
    if keyword == "properties":
        return where[-1] == key
    return keyword in ("patternProperties", "additionalProperties", "unevaluatedProperties")


def longest_chain(index: SchemaIndex) -> tuple[int, Path]:
    """How many subschemas at most follow one another on one value, and where that begins. Nothing may be endless."""
    length: dict[Path, int] = {}
    for path in sorted(index.subschemas, key=_ranks(index).__getitem__, reverse=True):
        length[path] = 1 + max((length[each] for _, each in index.same_value(path)), default=0)
    longest = max(length, key=length.__getitem__)
    return length[longest], longest
