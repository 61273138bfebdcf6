"""From text to a tree: YAML 1.2 and JSON, with places, and hostile texts refused."""

from __future__ import annotations

import json

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartspec.domain.definition.nodes import SourcePosition, dotted_path, position_of, to_json
from smartspec.domain.definition.parse import parse
from smartspec.domain.jsontext import as_mapping
from smartspec.errors import Invalid, Problem
from tests.clock import measured


def problem(text: str, source_format: str = "yaml") -> Problem:
    with pytest.raises(Invalid) as caught:
        parse(text, source_format)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("yes", "yes"), ("no", "no"), ("true", True), ("True", "True"), ("false", False), ("~", None),
        ("null", None), ("", None), ("010", 10), ("0o17", 15), ("0x1f", 31), ("-3", -3), ("1.5", 1.5), ("1e3", 1000.0),
        (".5", 0.5), ("12:30:00", "12:30:00"), ("2026-11-20", "2026-11-20"), ('"5"', "5"), ("'x'", "x"), ("!!str 5", "5"),
        ("! 5", "5"), ("!!float 5", 5.0), ("1_000", "1_000"), ("=", "="), ("<<", "<<"),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = as_mapping(to_json(parse(f"k: {text}")))["k"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_text_as_written() -> None:
    assert to_json(parse("on: 1\n200: 2\ntrue: 3\n")) == {"on": 1, "200": 2, "true": 3}


def test_anchors_and_aliases_are_written_out() -> None:
    assert to_json(parse("a: &x {b: [1]}\nc: *x\n")) == {"a": {"b": [1]}, "c": {"b": [1]}}


TEXT = "name: x\ntasks:\n  a:\n    needs: [b,\n      c]\n    run: |\n      echo\n"


def test_every_key_and_item_has_its_place() -> None:
    for root, path, place in (
        (parse(TEXT), ("tasks", "a", "needs"), SourcePosition(4, 5)), (parse(TEXT), ("tasks", "a", "needs", 1), SourcePosition(5, 7)),
        (parse(TEXT), ("tasks", "a", "nothing"), SourcePosition(3, 3)), (parse(TEXT), (), SourcePosition(1, 1)),
        (parse('{"a":\n [1, {"b": 2}]}', "json"), ("a", 1, "b"), SourcePosition(2, 7)),
    ):  # fmt: skip
        assert position_of(root, path) == place
    assert dotted_path(("tasks", "a", "needs", 1)) == "tasks.a.needs[1]"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(json_values, st.sampled_from([None, 1, 2]))
def test_any_json_is_read_as_the_standard_library_reads_it(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert to_json(parse(text, "json")) == value


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert to_json(parse("\ufeffa: 1")) == {"a": 1}
    assert to_json(parse('\ufeff{"a": 1}', "json")) == {"a": 1}


@pytest.mark.parametrize(
    ("source_format", "text", "line", "column", "words"),
    [
        ("yaml", "a: 1\na: 2", 2, 1, "a second time; the first is in line 1"),
        ("yaml", "a: {{ x }}", 1, 5, "needs quotes"),
        ("yaml", "a: {{ x }} more", 1, 5, "needs quotes"),
        ("yaml", "a: b: c", 1, 5, "A second “: ”"),
        ("yaml", "a:\n\t- b", 2, 1, "indented with a tab"),
        ("yaml", "? [a]\n: 1", 1, 3, "key must be text"),
        ("yaml", "a: *b", 1, 4, "defined nowhere"),
        ("yaml", "a: &a [*a]", 1, 8, "holds itself"),
        ("yaml", "a: !!python/object:os.system x", 1, 4, "!!python/object:os.system is not allowed"),
        ("yaml", "a: !custom x", 1, 4, "!custom is not allowed"),
        ("yaml", "a: !!binary x", 1, 4, "!!binary is not allowed"),
        ("yaml", "a: .nan", 1, 4, "infinities and NaN"),
        ("yaml", "a: -.inf", 1, 4, "infinities and NaN"),
        ("yaml", "a: 1e999", 1, 4, "too large"),
        ("yaml", "a: " + "1" * 5000, 1, 4, "4,000 digits"),
        ("yaml", "a: !!int x", 1, 4, "not of the type"),
        ("yaml", "a: 1\n---\nb: 2", 2, 1, "second document"),
        ("yaml", "", 1, 1, "empty"),
        ("yaml", "a: \x01", 1, 4, "U+0001"),
        ("yaml", "a: x\0", 1, 5, "NUL byte"),
        ("json", '{"a": 1,\n "a": 2}', 2, 2, "a second time; the first is in line 1"),
        ("json", '{"a": NaN}', 1, 7, "NaN has no meaning"),
        ("json", '{"a": -Infinity}', 1, 7, "-Infinity has no meaning"),
        ("json", '{"a": 1e999}', 1, 7, "too large"),
        ("json", '{"a":\n -' + "1" * 5000 + "}", 2, 2, "4,000 digits"),
        ("json", '{"a": }', 1, 7, "a value is missing"),
        ("json", '{"a": "\\u0000"}', 1, 7, "NUL"),
        ("json", "", 1, 1, "empty"),
        ("json", "{'a': 1}", 1, 2, "double quotes"),
    ],
)
def test_a_bad_text_is_told_with_its_place(source_format: str, text: str, line: int, column: int, words: str) -> None:
    found = problem(text, source_format)
    assert (found.line, found.column) == (line, column)
    assert words in found.sentence


def laughs() -> str:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]" for i in range(9)]
    return "\n".join(rows)


BOMBS = {
    "billion laughs": (laughs(), "yaml", "100,000 values"),
    "deep flow": ("[" * 100_000, "yaml", "100 deep"),
    "deep block": ("\n".join(" " * i + "a:" for i in range(1_000)), "yaml", "100 deep"),
    "deep mapping": ("{a: " * 20_000, "yaml", "100 deep"),
    "deep JSON": ("[" * 100_000, "json", "100 deep"),
    "a hundred megabytes": ("a: " + "x" * 100_000_000, "yaml", "larger than 1 MiB"),
    "as JSON": ('{"a": "' + "x" * 100_000_000 + '"}', "json", "larger than 1 MiB"),
    "a python tag": ("!!python/object/apply:os.system ['true']", "yaml", "not allowed"),
    "not a number": ("a: .nan", "yaml", "NaN"),
    "a twin key": ("a: 1\na: 2", "yaml", "second time"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once_and_takes_no_memory(name: str) -> None:
    """R40: refused within 200 ms and 50 MB, with a place. (Measured against reading a harmless text of that size.)"""
    text, source_format, words = BOMBS[name]
    memory = psutil.Process().memory_info().rss
    with measured(f"{name} refused", 0.2):
        found = problem(text, source_format)
    assert psutil.Process().memory_info().rss - memory < 150_000_000  # the text itself is encoded once
    assert found.line
    assert words in found.sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3, z: 4}", {"x": 1, "y": 3, "z": 4}),
        ("a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}", {"x": 1, "y": 3}),
        ("a: &a {x: 1}\nc: &c {x: 2, z: 5}\nb: {<<: [*a, *c]}", {"x": 1, "z": 5}),
        ("b: {<<: {x: 1}, y: 2}", {"x": 1, "y": 2}),
        ("a: &a {x: 1}\nc: &c {<<: *a, y: 2}\nb: {<<: *c}", {"x": 1, "y": 2}),
        ("b: {<<: [], x: 1}", {"x": 1}),
        ('b: {"<<": {x: 1}}', {"<<": {"x": 1}}),
        ("b: ['<<', <<]", ["<<", "<<"]),
    ],
)
def test_merge_keys_are_written_out(text: str, value: object) -> None:
    assert as_mapping(to_json(parse(text)))["b"] == value


def test_what_was_merged_has_its_place_where_it_was_written() -> None:
    root = parse("a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\n")
    assert position_of(root, ("b", "x")) == SourcePosition(2, 3)
    assert list(as_mapping(as_mapping(to_json(root))["b"])) == ["x", "y"]


@pytest.mark.parametrize("text", ["b: {<<: 1}", "b: {<<: }", "b: {<<: [1]}", "a: &a [1]\nb: {<<: [*a]}"])
def test_what_is_no_mapping_is_not_merged(text: str) -> None:
    with pytest.raises(Invalid, match="What << merges must be a mapping"):
        parse(text)


def test_merging_is_bounded_and_doubles_are_refused() -> None:
    with pytest.raises(Invalid, match="a second time"):
        parse("a: &a {x: 1}\nb: {<<: *a, <<: *a}")
    with pytest.raises(Invalid, match="a second time"):
        parse("a: &a {x: 1}\nb: {<<: *a, y: 1, y: 2}")
    large = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(1000)) + "}\n"
    with pytest.raises(Invalid, match="aliases written out"):
        parse(large + "".join(f"m{n}: {{<<: *a}}\n" for n in range(20_000)))
