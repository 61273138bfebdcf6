"""YAML 1.2 with its core schema, as a tree with places: one pass over the events of the parser."""

import math
import re
from collections.abc import Iterator
from typing import Any, cast

import yaml

from smartspec.domain.definition.nodes import DEEPEST, Node, Place, place_at, refused
from smartspec.domain.jsontext import Json

MOST_NODES = 100_000  # where aliases are used, with them written out; without them the size of the text is the bound
_CORE = "tag:yaml.org,2002:"
_TAGS = {"!", *(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o([0-7]+)")
_HEX = re.compile(r"0x([0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Json] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(source: str) -> Node:
    try:
        return _YamlTree(source).build()
    except yaml.MarkedYAMLError as error:
        place = _marked_place(error.problem_mark or error.context_mark)
        raise refused(_yaml_sentence(error, source, place), place) from error
    except yaml.YAMLError as error:
        at = getattr(error, "position", 0)
        raise refused(f"This is not YAML: {getattr(error, 'reason', error)}.", place_at(source, at)) from error


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
        self._merging: dict[int, Place] = {}  # open mappings with a merge key
        self._root: Node | None = None
        self._aliased = False

    def build(self) -> Node:
        documents = 0
        for event in cast(Iterator[Any], yaml.parse(self._source, Loader=_LOADER)):
            place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise refused("The file holds a second document (after ---); a workflow is one.", place)
            elif isinstance(event, yaml.NodeEvent):
                self._take(event, place)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
        if self._root is None:
            raise refused("The file is empty.", Place(1, 1))
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
            raise refused(self._odd_key(event, place), place)
        if len(self._open) >= DEEPEST:
            raise refused(f"This is nested more than {DEEPEST} deep.", place)
        node = Node({}, place, {}) if isinstance(event, yaml.MappingStartEvent) else Node([], place)
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
            raise refused(f"The alias *{name} " + ("holds itself." if open_ else "is defined nowhere above."), place)
        return target

    def _check_tag(self, tag: str | None, place: Place) -> None:
        if tag is not None and tag not in _TAGS:
            shown = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
            raise refused(f"The tag {shown} is not allowed; only YAML's core types are.", place)

    def _scalar(self, event: Any, place: Place) -> None:
        if self._wants_key():
            if event.value == "<<" and event.implicit[0]:
                self._merging[id(self._open[-1][0])] = place
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
            raise refused(f"The key “{key}” is here a second time; the first is in line {first.line}.", place)
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
            raise refused("A key must be text.", place)
        parent.size += node.size
        if self._aliased and parent.size > MOST_NODES:
            raise refused(f"The file holds more than {MOST_NODES:,} values, aliases written out.", place)
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
        if (place := self._merging.pop(id(node), None)) is not None:
            _merge(node, place)
        self._put(node, anchor, node.place)


def _merge(node: Node, place: Place) -> None:
    """Write out the merge key of a mapping: its own keys win, then those of the source that is named first."""
    mapping = cast(dict[str, Node], node.value)
    source = mapping.pop("<<")
    own, own_places = dict(mapping), {key: each for key, each in node.keys.items() if key != "<<"}
    mapping.clear()
    node.keys.clear()
    for each in source.value if isinstance(source.value, list) else [source]:
        if not isinstance(each.value, dict):
            raise refused("What << merges must be a mapping, an alias of one, or a list of those.", place)
        for key, child in each.value.items():
            if key not in mapping:
                mapping[key], node.keys[key] = child, each.keys[key]
    mapping.update(own)
    node.keys.update(own_places)


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
            raise refused(f"{text} is too large a number.", place)
    elif _NOT_FINITE.fullmatch(text):
        raise refused(f"{text} has no meaning here: infinities and NaN are not allowed.", place)
    wanted = {_CORE + "int": int, _CORE + "float": float | int, _CORE + "bool": bool, _CORE + "null": type(None)}
    if tag in wanted and not isinstance(value, wanted[tag]):
        raise refused(f"“{text}” is not of the type its tag says.", place)
    return float(value) if tag == _CORE + "float" else value


def _integer(text: str, place: Place) -> int:
    if len(text) > 4000:
        raise refused("A number may have 4,000 digits.", place)
    return int(text)
