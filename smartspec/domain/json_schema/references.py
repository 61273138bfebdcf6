"""The references of a JSON Schema: where each leads, and which lead nowhere, out of the file, or round for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urldefrag, urljoin

from smartspec.domain.json_schema.validation import Path
from smartspec.domain.jsontext import Json

_ONE = (
    "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
    "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
_LISTS = ("allOf", "anyOf", "items", "oneOf", "prefixItems")
_NAMED = ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
# Those that validate the same value again, and none that is inside it.
_SAME_VALUE = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependencies", "dependentSchemas"}
)  # fmt: skip
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_NOWHERE = "file:///schema"  # the base of a schema without $id; nothing is ever looked up under it


class SchemaIndex:
    """Every subschema by its path from the root, those that only a reference reaches too."""

    def __init__(self, root: Json) -> None:
        self._root = root
        self.subschemas: dict[Path, Mapping[str, Json] | bool] = {}
        self._bases: dict[Path, str] = {}
        self._resources: dict[str, Path] = {_NOWHERE: ()}
        self._anchors: dict[str, Path] = {}
        self._targets: dict[tuple[Path, str], Path | None] = {}
        self._add((), root, _NOWHERE)
        self._resolve_references()

    def _add(self, path: Path, schema: Json, base: str) -> None:
        waiting = [(path, schema, base)]
        while waiting:
            path, schema, base = waiting.pop()
            if path in self.subschemas or not isinstance(schema, dict | bool):
                continue
            self.subschemas[path] = schema
            self._bases[path] = base = self._named(path, schema, base)
            waiting += reversed([(where, each, base) for _, where, each in children(path, schema)])

    def _named(self, path: Path, schema: Mapping[str, Json] | bool, base: str) -> str:
        """Note what a subschema is known by; its own base."""
        if isinstance(schema, bool):
            return base
        id_ = schema.get("$id", schema.get("id"))
        if isinstance(id_, str) and not id_.startswith("#"):
            base = _joined(base, id_).partition("#")[0]
            self._resources.setdefault(base, path)
        elif isinstance(id_, str):  # an anchor, before 2019-09
            self._anchors.setdefault(base + id_, path)
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(anchor := schema.get(keyword), str):
                self._anchors.setdefault(f"{base}#{anchor}", path)
        return base

    def _resolve_references(self) -> None:
        """Find what every reference leads to, and index what lies there."""
        done: set[Path] = set()
        while new := [path for path in self.subschemas if path not in done]:
            for path in new:
                done.add(path)
                for keyword, reference in references(self.subschemas[path]):
                    target = self._resolved(path, reference)
                    self._targets[path, keyword] = target
                    if target is not None and target not in self.subschemas:
                        self._add(target, value_at(self._root, target), self._bases[path])

    def _resolved(self, path: Path, reference: str) -> Path | None:
        address, fragment = urldefrag(_joined(self._bases[path], reference))
        if address not in self._resources:
            return None
        if fragment and not fragment.startswith("/"):
            return self._anchors.get(f"{address}#{unquote(fragment)}")
        start = self._resources[address]
        target = resolve_pointer(value_at(self._root, start), fragment)
        return None if target is None else start + target

    def leaves(self, path: Path, reference: str) -> bool:
        """Whether a reference names another document."""
        return urldefrag(_joined(self._bases[path], reference))[0] not in self._resources

    def target(self, path: Path, keyword: str) -> Path | None:
        """Where the reference of a subschema leads; None: nowhere that is known."""
        return self._targets.get((path, keyword))

    def same_value(self, path: Path) -> Iterator[tuple[Path, Path]]:
        """The subschemas that validate the very value that this one does, each with the path of the keyword."""
        schema = self.subschemas[path]
        for keyword, where, _ in children(path, schema):
            if keyword in _SAME_VALUE and where in self.subschemas:
                yield (*path, keyword), where
        for keyword, _ in references(schema):
            if (target := self.target(path, keyword)) is not None and target in self.subschemas:
                yield (*path, keyword), target


def children(path: Path, schema: Json) -> Iterator[tuple[str, Path, Json]]:
    """The subschemas right inside one, as (keyword, path, schema)."""
    if not isinstance(schema, dict):
        return
    for keyword in _ONE:
        if isinstance(schema.get(keyword), dict | bool):
            yield keyword, (*path, keyword), schema[keyword]
    for keyword in _LISTS:
        if isinstance(schema.get(keyword), list):
            for index, each in enumerate(schema[keyword]):
                yield keyword, (*path, keyword, index), each
    for keyword in _NAMED:
        if isinstance(schema.get(keyword), dict):
            for name, each in schema[keyword].items():
                if isinstance(each, dict | bool):
                    yield keyword, (*path, keyword, name), each


def references(schema: Json) -> Iterator[tuple[str, str]]:
    """The keyword and the address of each that a subschema holds itself."""
    for keyword in _REFERENCES:
        if isinstance(schema, dict) and isinstance(schema.get(keyword), str):
            yield keyword, schema[keyword]


def endless_loop(index: SchemaIndex) -> Path | None:
    """A keyword on a path that comes back to where it began without going into the value; None: there is none."""
    finished: set[Path] = set()
    on_path: set[Path] = set()
    for root in index.subschemas:
        if root in finished:
            continue
        work = [(root, index.same_value(root))]
        on_path.add(root)
        while work:
            path, rest = work[-1]
            for keyword, following in rest:
                if following in on_path:
                    return keyword
                if following not in finished:
                    on_path.add(following)
                    work.append((following, index.same_value(following)))
                    break
            else:
                work.pop()
                on_path.discard(path)
                finished.add(path)
    return None


def _joined(base: str, reference: str) -> str:
    if reference.startswith("#"):
        return base + reference  # urljoin knows no urn:
    try:
        return urljoin(base, reference)
    except ValueError:  # a broken address, such as http://[
        return reference


def value_at(root: Json, path: Path) -> Json:
    """What a path leads to; all of it must be there."""
    for step in path:
        root = root[step]  # type: ignore[index]  # all of it is there
    return root


def resolve_pointer(start: Json, fragment: str) -> Path | None:
    """The path of a JSON Pointer, where it leads to something."""
    path: list[str | int] = []
    for token in fragment.split("/")[1:]:
        name = unquote(token).replace("~1", "/").replace("~0", "~")
        if isinstance(start, dict) and name in start:
            path.append(name)
            start = start[name]
        elif isinstance(start, list) and name.isascii() and name.isdigit() and int(name) < len(start):
            path.append(int(name))
            start = start[int(name)]
        else:
            return None
    return tuple(path)
