"""From the text of a workflow file to a tree with places: YAML 1.2 (core schema) or JSON.

Nothing is composed before it was counted, so that no text, however hostile, takes long or much memory.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

import yaml

from smartspec.domain.definition.nodes import Node, Place
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid, Problem

MOST_BYTES = 1_048_576
DEEPEST = 100
MOST_NODES = 100_000  # where aliases are used, with them written out; without them the size of the text is the bound

_CORE = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o([0-7]+)")
_HEX = re.compile(r"0x([0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Json] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(source: str, source_format: str = "yaml") -> Node:
    """The tree of a text. Raises Invalid with the problem that stopped it, with line and column."""
    if len(source) > MOST_BYTES or len(source.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise _invalid("The file is larger than 1 MiB, the most a workflow may have.", Place(1, 1))
    if "\0" in source:
        raise _invalid("The file holds a NUL byte; save it as UTF-8 text.", _place_at(source, source.index("\0")))
    return (parse_json if source_format == "json" else parse_yaml)(source.removeprefix("\ufeff"))


def _invalid(sentence: str, place: Place) -> Invalid:
    return Invalid(sentence, [Problem("", sentence, place.line, place.column)])


def _place_at(source: str, offset: int) -> Place:
    return Place(source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset))


# YAML


def parse_yaml(source: str) -> Node:
    try:
        return _YamlTree(source).build()
    except yaml.MarkedYAMLError as error:
        place = _marked_place(error.problem_mark or error.context_mark)
        raise _invalid(_yaml_sentence(error, source, place), place) from error
    except yaml.YAMLError as error:
        at = getattr(error, "position", 0)
        raise _invalid(f"This is not YAML: {getattr(error, 'reason', error)}.", _place_at(source, at)) from error


def _marked_place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _yaml_sentence(error: yaml.MarkedYAMLError, source: str, place: Place) -> str:
    lines = source.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if _unquoted_template(line):
        return 'A template that begins a value needs quotes: write "{{ … }}".'
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "This line is indented with a tab; YAML wants spaces."
    return f"This is not YAML: {error.problem or error.context}."


def _unquoted_template(line: str) -> bool:
    return bool(re.search(r"(^|[:\-\[,]\s+|\[)\{\{", line))


class _YamlTree:
    """One pass over the events, with a stack of its own instead of recursion."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._anchors: dict[str, Node | None] = {}
        self._open: list[tuple[Node, str | None]] = []  # a collection, and the anchor it will be known by
        self._key: list[tuple[str, Place] | None] = []  # the key that waits for its value, one per open collection
        self._root: Node | None = None
        self._aliased = False

    def build(self) -> Node:
        documents = 0
        for event in cast(Iterator[Any], yaml.parse(self._source, Loader=_LOADER)):
            place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _invalid("The file holds a second document (after ---); a workflow is one.", place)
            elif isinstance(event, yaml.NodeEvent):
                self._take(event, place)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
        if self._root is None:
            raise _invalid("The file is empty.", Place(1, 1))
        return self._root

    def _take(self, event: Any, place: Place) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._put(self._alias(event.anchor, place), None, place)
            return
        self._check_tag(event.tag, place)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
            return
        if self._wants_key():
            raise _invalid(self._odd_key(event, place), place)
        if len(self._open) >= DEEPEST:
            raise _invalid(f"This is nested more than {DEEPEST} deep.", place)
        node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], place)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append((node, event.anchor))
        self._key.append(None)

    def _odd_key(self, event: Any, place: Place) -> str:
        lines = self._source.split("\n")
        if isinstance(event, yaml.MappingStartEvent) and lines[place.line - 1][max(0, place.column - 2) :][:2] == "{{":
            return 'A template that begins a value needs quotes: write "{{ … }}".'
        return "A key must be text, not a list or a mapping."

    def _alias(self, name: Any, place: Place) -> Node:
        self._aliased = True
        target = self._anchors.get(name)
        if target is None:
            open_ = name in self._anchors
            raise _invalid(f"The alias *{name} " + ("holds itself." if open_ else "is defined nowhere above."), place)
        return target

    def _check_tag(self, tag: str | None, place: Place) -> None:
        core = {_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq")}
        if tag not in (None, "!") and tag not in core:
            shown = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
            raise _invalid(f"The tag {shown} is not allowed; only YAML's core types are.", place)

    def _scalar(self, event: Any, place: Place) -> None:
        if self._wants_key():
            self._name(event.value, place)
            return
        is_text = not event.implicit[0] if event.tag is None else event.tag in (_CORE + "str", "!")
        node = Node(event.value if is_text else _core_value(event.value, event.tag, place), place)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._put(node, None, place)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0].value, dict) and self._key[-1] is None

    def _name(self, key: str, place: Place) -> None:
        node = self._open[-1][0]
        if key in node.keys:
            first = node.keys[key]
            raise _invalid(f"The key “{key}” is here a second time; the first is in line {first.line}.", place)
        node.keys[key] = place
        self._key[-1] = (key, place)

    def _put(self, node: Node, anchor: str | None, place: Place) -> None:
        """Give a finished node to the collection that is open, or make it the root."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self._root = node
            return
        parent = self._open[-1][0]
        if self._wants_key():
            raise _invalid("A key must be text.", place)
        parent.size += node.size
        if self._aliased and parent.size > MOST_NODES:
            raise _invalid(f"The file holds more than {MOST_NODES:,} values, aliases written out.", place)
        if isinstance(parent.value, list):
            parent.value.append(node)
        else:
            waiting = self._key[-1]
            assert waiting is not None
            parent.value[waiting[0]] = node
            self._key[-1] = None

    def _close(self) -> None:
        node, anchor = self._open.pop()
        self._key.pop()
        self._put(node, anchor, node.place)


def _core_value(text: str, tag: str | None, place: Place) -> Json:
    """A plain scalar by the core schema of YAML 1.2, where only true and false are booleans."""
    value: Json = text
    if text in _WORDS:
        value = _WORDS[text]
    elif _INT.fullmatch(text):
        value = _integer(text, place)
    elif match := _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        value = int(match[1], 8 if text.startswith("0o") else 16)
    elif _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise _invalid(f"{text} is too large a number.", place)
    elif _NOT_FINITE.fullmatch(text):
        raise _invalid(f"{text} has no meaning here: infinities and NaN are not allowed.", place)
    wanted = {_CORE + "int": int, _CORE + "float": float | int, _CORE + "bool": bool, _CORE + "null": type(None)}
    if tag in wanted and not isinstance(value, wanted[tag]):
        raise _invalid(f"“{text}” is not of the type its tag says.", place)
    return float(value) if tag == _CORE + "float" else value


def _integer(text: str, place: Place) -> int:
    if len(text) > 4000:
        raise _invalid("A number may have 4,000 digits.", place)
    return int(text)


# JSON

_TOKEN = re.compile(r'[ \t\r\n]*(?:([{}\[\],:])|("(?:[^"\\\x00-\x1f]|\\.)*")|([^\s{}\[\],:"]+))')


def parse_json(source: str) -> Node:
    """Like parse_yaml; the syntax is judged by the standard library, the places come from a scan of our own."""
    tokens = list(_tokens(source))
    _check_depth(tokens, source)

    def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        return dict(pairs)

    def not_finite(constant: str) -> Json:
        raise _invalid(f"{constant} has no meaning here: infinities and NaN are not allowed.", _find(source, constant))

    try:
        json.loads(source, object_pairs_hook=unique, parse_constant=not_finite)
    except json.JSONDecodeError as error:
        what = f"This is not JSON: {error.msg}."
        raise _invalid(
            "The file is empty." if not source.strip() else what, Place(error.lineno, error.colno)
        ) from error
    except ValueError as error:
        raise _invalid(f"This is not JSON that can be kept: {error}.", Place(1, 1)) from error
    return _JsonTree(source, tokens).build()


def _find(source: str, word: str) -> Place:
    match = re.search(rf"(?<![\w\"]){re.escape(word)}", source)
    return _place_at(source, match.start() if match else 0)


def _tokens(source: str) -> Iterator[tuple[str, int]]:
    position = 0
    while match := _TOKEN.match(source, position):
        yield match[match.lastindex or 0], match.start(match.lastindex or 0)
        position = match.end()


def _check_depth(tokens: list[tuple[str, int]], source: str) -> None:
    depth = 0
    for token, offset in tokens:
        depth += (token in "{[") - (token in "}]")
        if depth > DEEPEST:
            raise _invalid(f"This is nested more than {DEEPEST} deep.", _place_at(source, offset))


class _JsonTree:
    """A text that is known to be JSON, as a tree."""

    def __init__(self, source: str, tokens: list[tuple[str, int]]) -> None:
        self._tokens = iter(tokens)
        self._place = _line_finder(source)

    def build(self) -> Node:
        token, offset = next(self._tokens)
        return self._value(token, offset)

    def _value(self, token: str, offset: int) -> Node:
        place = self._place(offset)
        if token == "{":
            return self._object(Node({}, place))
        if token == "[":
            return self._array(Node([], place))
        value = json.loads(token)
        if isinstance(value, str) and "\0" in value:
            raise _invalid("A text holds a NUL character.", place)
        if isinstance(value, float) and not math.isfinite(value):
            raise _invalid(f"{token} is too large a number.", place)
        return Node(value, place)

    def _object(self, node: Any) -> Node:
        for token, offset in self._tokens:
            if token == "}":
                break
            if token == ",":
                continue
            key, place = json.loads(token), self._place(offset)
            if key in node.keys:
                first = node.keys[key]
                raise _invalid(f"The key “{key}” is here a second time; the first is in line {first.line}.", place)
            next(self._tokens)  # the colon
            child = self._value(*next(self._tokens))
            node.keys[key] = place
            node.value[key] = child
            node.size += child.size
        return cast(Node, node)

    def _array(self, node: Node) -> Node:
        for token, offset in self._tokens:
            if token == "]":
                break
            if token == ",":
                continue
            child = self._value(token, offset)
            node.value.append(child)  # type: ignore[union-attr]
            node.size += child.size
        return node


def _line_finder(source: str) -> Callable[[int], Place]:
    """A function from growing offsets to places that reads the text only once."""
    line, start, seen = 1, 0, 0

    def place(offset: int) -> Place:
        nonlocal line, start, seen
        while (newline := source.find("\n", seen, offset)) >= 0:
            line, start, seen = line + 1, newline + 1, newline + 1
        return Place(line, offset - start + 1)

    return place
