"""YAML 1.2 with its core schema, as a tree with positions: one pass over the events of the parser."""

import math
import re
from collections.abc import Iterator
from typing import Any, cast

import yaml

from smartspec.domain.definition import yaml_errors
from smartspec.domain.definition.nodes import (
    DEEPEST,
    MOST_DIGITS,
    TOO_MANY_DIGITS,
    Node,
    Scalar,
    SourcePosition,
    parse_error,
    position_at,
    repeated_key,
)
from smartspec.formatting import format_number
from smartspec.messages import _

MOST_NODES = 100_000  # where aliases are used, with them written out; without them the size of the text is the bound
_CORE = "tag:yaml.org,2002:"
_TAGS = {"!", *(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o([0-7]+)")
_HEX = re.compile(r"0x([0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(source: str) -> Node:
    """The root of a text. Raises Invalid, with line and column, for what is no YAML or means nothing here."""
    try:
        return _YamlTree(source).build()
    except yaml.MarkedYAMLError as error:
        raise parse_error(*yaml_errors.explain(error, source)) from error
    except yaml.YAMLError as error:  # the reader's: of a character
        at = getattr(error, "position", 0)
        raise parse_error(
            yaml_errors.explain_character(source[at : at + 1] or "\ufffd"), position_at(source, at)
        ) from error


class _YamlTree:
    """One pass over the events, with a stack of its own instead of recursion."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._anchors: dict[str, Node | None] = {}
        self._open: list[tuple[Node, str | None]] = []  # a collection, and the anchor it will be known by
        # the key that waits for its value, one per open collection
        self._key: list[tuple[str, SourcePosition] | None] = []
        self._merging: dict[int, SourcePosition] = {}  # open mappings with a merge key
        self._root: Node | None = None
        self._aliased = False

    def build(self) -> Node:
        """Raises Invalid where there is not one document."""
        documents = 0
        for event in cast(Iterator[Any], yaml.parse(self._source, Loader=_LOADER)):
            position = SourcePosition(event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise parse_error(_("The file holds a second document (after ---); a workflow is one."), position)
            elif isinstance(event, yaml.NodeEvent):
                self._on_event(event, position)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
        if self._root is None:
            raise parse_error(_("The file is empty."), SourcePosition(1, 1))
        return self._root

    def _on_event(self, event: Any, position: SourcePosition) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._attach(self._alias(event.anchor, position), None, position)
            return
        self._check_tag(event.tag, position)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, position)
            return
        if self._wants_key():
            raise parse_error(self._odd_key(event, position), position)
        if len(self._open) >= DEEPEST:
            raise parse_error(_("This is nested more than {most} deep.", most=DEEPEST), position)
        node = Node({}, position, {}) if isinstance(event, yaml.MappingStartEvent) else Node([], position)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append((node, event.anchor))
        self._key.append(None)

    def _odd_key(self, event: object, position: SourcePosition) -> str:
        lines = self._source.split("\n")
        if (
            isinstance(event, yaml.MappingStartEvent)
            and lines[position.line - 1][max(0, position.column - 2) :][:2] == "{{"
        ):
            return yaml_errors.NEEDS_QUOTES
        return _("A key must be text, not a list or a mapping.")

    def _alias(self, name: str | None, position: SourcePosition) -> Node:
        self._aliased = True
        target = self._anchors.get(name or "")
        if target is None:
            if name in self._anchors:
                raise parse_error(_("The alias *{name} holds itself.", name=name), position)
            raise parse_error(_("The alias *{name} is defined nowhere above.", name=name), position)
        return target

    def _check_tag(self, tag: str | None, position: SourcePosition) -> None:
        if tag is not None and tag not in _TAGS:
            shown = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
            raise parse_error(_("The tag {tag} is not allowed; only YAML's core types are.", tag=shown), position)

    def _scalar(self, event: yaml.ScalarEvent, position: SourcePosition) -> None:
        if self._wants_key():
            if event.value == "<<" and event.implicit[0]:
                self._merging[id(self._open[-1][0])] = position
            self._name(event.value, position)
            return
        is_text = not event.implicit[0] if event.tag is None else event.tag in (_CORE + "str", "!")
        node = Node(event.value if is_text else _core_value(event.value, event.tag, position), position)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._attach(node, None, position)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0].value, dict) and self._key[-1] is None

    def _name(self, key: str, position: SourcePosition) -> None:
        node = self._open[-1][0]
        if key in node.keys:
            raise repeated_key(key, node.keys[key], position)
        node.keys[key] = position
        self._key[-1] = (key, position)

    def _attach(self, node: Node, anchor: str | None, position: SourcePosition) -> None:
        """Give a finished node to the collection that is open, or make it the root."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self._root = node
            return
        parent = self._open[-1][0]
        if self._wants_key():
            raise parse_error(_("A key must be text."), position)
        parent.size += node.size
        if self._aliased and parent.size > MOST_NODES:
            most = format_number(MOST_NODES)
            raise parse_error(_("The file holds more than {most} values, aliases written out.", most=most), position)
        if isinstance(parent.value, list):
            parent.value.append(node)
        else:
            waiting = self._key[-1]
            assert waiting is not None and isinstance(parent.value, dict)
            parent.value[waiting[0]] = node
            self._key[-1] = None

    def _close(self) -> None:
        node, anchor = self._open.pop()
        self._key.pop()
        if (position := self._merging.pop(id(node), None)) is not None:
            _merge(node, position)
        self._attach(node, anchor, node.position)


def _merge(node: Node, position: SourcePosition) -> None:
    """Write out the merge key of a mapping: its own keys win, then those of the source that is named first."""
    mapping = cast(dict[str, Node], node.value)
    source = mapping.pop("<<")
    own, own_positions = dict(mapping), {key: each for key, each in node.keys.items() if key != "<<"}
    mapping.clear()
    node.keys.clear()
    for each in source.value if isinstance(source.value, list) else [source]:
        if not isinstance(each.value, dict):
            raise parse_error(_("What << merges must be a mapping, an alias of one, or a list of those."), position)
        for key, child in each.value.items():
            if key not in mapping:
                mapping[key], node.keys[key] = child, each.keys[key]
    mapping.update(own)
    node.keys.update(own_positions)


def _core_value(text: str, tag: str | None, position: SourcePosition) -> Scalar:
    """A plain scalar by the core schema of YAML 1.2, where only true and false are booleans."""
    value: Scalar = text
    if text in _WORDS:
        value = _WORDS[text]
    elif _INT.fullmatch(text):
        value = _integer(text, position)
    elif match := _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        value = int(match[1], 8 if text.startswith("0o") else 16)
    elif _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise parse_error(_("{number} is too large a number.", number=text), position)
    elif _NOT_FINITE.fullmatch(text):
        raise parse_error(_("{word} has no meaning here: infinities and NaN are not allowed.", word=text), position)
    wanted = {_CORE + "int": int, _CORE + "float": float | int, _CORE + "bool": bool, _CORE + "null": type(None)}
    if tag in wanted and not isinstance(value, wanted[tag]):
        raise parse_error(_("“{text}” is not of the type its tag says.", text=text), position)
    return float(value) if tag == _CORE + "float" and isinstance(value, int) else value


def _integer(text: str, position: SourcePosition) -> int:
    if len(text) > MOST_DIGITS:
        raise parse_error(TOO_MANY_DIGITS, position)
    return int(text)
