"""The input of an execution: defaults, types, misfits."""

import pytest

from smartspec.domain import params
from smartspec.domain.json_schema.bounded_validation import MOST_DESCRIBED
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.messages import Message

SCHEMA = {
    "type": "object", "required": ["who"],
    "properties": {
        "who": {"type": "string"}, "day": {"type": "string", "format": "date", "default": "{{ today }}"},
        "count": {"type": "integer", "default": 3}, "deep": {"type": "object", "properties": {"x": {"type": "number", "default": 1.5}}},
        "either": {"type": ["integer", "string"]}, "on": {"type": "boolean"}, "list": {"type": "array"},
    },
}  # fmt: skip
NAMES = {"today": "2026-11-20", "config": {}}


def test_missing_entries_are_filled_in_where_their_object_exists() -> None:
    assert params.complete(SCHEMA, {"who": "a"}, NAMES) == {"who": "a", "day": "2026-11-20", "count": 3}
    assert params.complete(SCHEMA, {"who": "a", "deep": {}}, NAMES)["deep"] == {"x": 1.5}


def test_what_was_given_is_data_and_never_a_template() -> None:
    assert params.complete(SCHEMA, {"who": "{{ today }}"}, NAMES)["who"] == "{{ today }}"


def test_every_misfit_is_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        params.complete(SCHEMA, {"count": "x", "day": "tomorrow", "wo": 1}, NAMES)
    told = {problem.path: problem.sentence for problem in caught.value.problems}
    assert told.keys() == {"count", "day", "who", "wo"}
    assert "did you mean “who”?" in told["wo"]


def test_a_workflow_without_params_takes_no_input() -> None:
    assert params.complete(None, {}, NAMES) == {}
    with pytest.raises(Invalid, match="takes no input, and was given a, b"):
        params.complete(None, {"b": 1, "a": 2}, NAMES)


def test_unknown_names_are_let_in_when_the_schema_says_so() -> None:
    assert params.complete({**SCHEMA, "additionalProperties": True}, {"who": "a", "more": 1}, NAMES)["more"] == 1


def test_a_default_that_cannot_be_worked_out_is_refused() -> None:
    schema = {"type": "object", "properties": {"x": {"default": "{{ config.missing }}"}}}
    with pytest.raises(Invalid, match="A default of a parameter"):
        params.complete(schema, {}, NAMES)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("who", "5", "5"), ("count", "5", 5), ("deep", '{"x": 1}', {"x": 1}), ("either", "7", 7), ("either", "seven", "seven"),
     ("on", "true", True), ("list", "[1]", [1]), ("unknown", "5", "5")],
)  # fmt: skip
def test_a_parameter_is_read_by_its_declared_type(name: str, text: str, value: object) -> None:
    assert params.read_parameter(name, text, SCHEMA) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("count", "1_000"),
        ("count", " 3"),
        ("count", "３"),
        ("count", "1e3"),
        ("count", "many"),
        ("on", "yes"),
        ("list", "{}"),
        ("deep", "1"),
    ],
)
def test_a_parameter_of_another_type_is_refused(name: str, text: str) -> None:
    with pytest.raises(Invalid, match=f"“{name}” must be"):
        params.read_parameter(name, text, SCHEMA)


@pytest.mark.parametrize(
    ("schema", "value", "sentence"),
    [({"type": ["integer", "null"]}, "x", "it must be a whole number or nothing, not \"x\"."), ({"enum": [1, "a"]}, 2, "it must be one of 1, \"a\", not 2."),
     ({"minimum": 3}, 2, "it must be at least 3, not 2."), ({"format": "date"}, "soon", "it must be a date as 2026-11-16, not \"soon\"."),
     ({"pattern": "^a+$"}, "b", "it is not written as it must be (pattern ^a+$): \"b\"."), ({"const": {"a": 1}}, 1, "it must be {\"a\": 1}, not 1."),
     ({"uniqueItems": True}, [1, 1], "it holds something twice: [1, 1]."), ({"maxItems": 1}, [1, 2], "it may have 1 entry, not 2."),
     ({"oneOf": [{}, {}]}, 1, "it fits 2 of the alternatives, and must fit one: 1."), ({"anyOf": [False]}, 1, "it must fit one of the alternatives, and 1 fits none."),
     ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, "it has a name that cannot stand there: “ab” may have 1 character, not \"ab\"."),
     (False, 1, "it may not be there: 1."), ({"not": {}}, 1, "it may not be 1."), ({"additionalProperties": False}, {"b": 1}, "it may hold nothing."),
     ({"properties": {}, "additionalProperties": False}, {"b": 1}, "it holds what it may not: “b”.")],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_a_sentence(schema: Json, value: Json, sentence: str) -> None:
    (problem,) = params.input_problems({"type": "object", "properties": {"a": schema}}, {"a": value})
    assert problem.sentence == f"The parameter “a” does not fit: {sentence}"


def test_what_is_missing_deeper_is_named_by_its_path() -> None:
    (problem,) = params.input_problems({"properties": {"a": {"required": ["b"]}}}, {"a": {}})
    assert (problem.path, problem.sentence) == ("a.b", "The parameter “a.b” is missing.")


def test_patterns_are_matched_in_linear_time() -> None:
    (problem,) = params.input_problems({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 100_000 + "!"})
    assert "is not written as it must be" in problem.sentence


@pytest.mark.parametrize(
    "inner",
    [{"pattern": "(?=x)"}, {"pattern": "("}, {"$ref": "http://127.0.0.1:9/x"}, {"$ref": "file:///etc/passwd"}, {"$ref": "#/no"},
     {"type": "strin"}, {"patternProperties": {"(": {}}}],
)  # fmt: skip
def test_a_schema_of_an_earlier_version_that_cannot_be_used_is_a_sentence(inner: object) -> None:
    with pytest.raises(Invalid, match="The schema cannot be used: "):
        params.complete({"type": "object", "properties": {"a": inner}}, {"a": "x"}, NAMES)


def doubled(times: int) -> dict[str, object]:
    """A schema whose `x` is validated 2 ** times over."""
    named: dict[str, object] = {"a0": {"type": "integer"}}
    for n in range(times):
        named[f"a{n + 1}"] = {"allOf": [{"$ref": f"#/$defs/a{n}"}, {"$ref": f"#/$defs/a{n}"}]}
    return {"type": "object", "$defs": named, "properties": {"x": {"$ref": f"#/$defs/a{times}"}}}


def test_a_schema_that_takes_for_ever_is_refused_before_it_is_asked() -> None:
    assert params.complete(doubled(10), {"x": 1}, NAMES) == {"x": 1}
    with pytest.raises(Invalid, match="takes more than 5,000,000 steps"):
        params.complete(doubled(40), {"x": 1}, NAMES)


def test_doubling_at_each_level_of_the_value_is_seen() -> None:
    schema = {
        "type": "object", "properties": {"x": {"$ref": "#/$defs/t"}},
        "$defs": {"t": {"properties": {"x": {"allOf": [{"$ref": "#/$defs/t"}, {"$ref": "#/$defs/t"}]}}}},
    }  # fmt: skip
    value: Json = 1
    for _ in range(60):
        value = {"x": value}
    with pytest.raises(Invalid, match="takes more than 5,000,000 steps"):
        params.complete(schema, {"x": value}, NAMES)


def test_a_value_that_a_schema_describes_by_itself_is_validated() -> None:
    tree = {
        "type": "object",
        "properties": {"n": {"type": "string"}, "c": {"type": "array", "items": {"$ref": "#/$defs/t"}}},
    }
    schema = {"type": "object", "$defs": {"t": tree}, "properties": {"x": {"$ref": "#/$defs/t"}}}
    many: Json = {"n": "a", "c": [{"n": "b", "c": [{"n": "c"}] * 100}] * 100}
    assert params.complete(schema, {"x": many}, NAMES) == {"x": many}
    assert [each.path for each in params.input_problems(schema, {"x": {"c": [{"n": 1}]}})] == ["x.c.0.n"]


def test_of_a_long_list_the_first_misfit_is_told() -> None:
    schema = {"type": "object", "properties": {"l": {"items": {"type": "integer"}}}}
    assert [each.path for each in params.input_problems(schema, {"l": ["x"] * 300_000})] == ["l.0"]
    assert len(params.input_problems(schema, {"l": ["x"] * 300})) == MOST_DESCRIBED


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "It takes none."),
        ({"properties": {"day": {}}}, "The parameters are day."),
        ({"patternProperties": {"^x-": {}}}, "The parameters are those that match ^x-."),
        (
            {"properties": {"day": {}}, "patternProperties": {"^x-": {}}},
            "The parameters are day, those that match ^x-.",
        ),
    ],
)
def test_what_is_no_parameter_is_told_what_are(schema: dict[str, object], words: str) -> None:
    (found,) = params.input_problems({"type": "object", **schema}, {"other": 1})
    assert found.sentence == f"There is no parameter “other”. {words}"


def test_what_the_sandbox_says_of_a_value_keeps_its_template() -> None:
    """A schema with allOf is not cheap, so that it is validated in a process of its own."""
    schema = {"properties": {"x": {"allOf": [{"type": ["integer", "null"]}]}}}
    (problem,) = params.input_problems(schema, {"x": "many"})
    assert problem.sentence == 'The parameter “x” does not fit: it must be a whole number or nothing, not "many".'
    assert isinstance(problem.sentence, Message)
    why = problem.sentence.values["why"]
    assert isinstance(why, Message) and why.template == "must be {types}, not {value}"
    with pytest.raises(Invalid) as raised:
        params.input_problems({"allOf": [{"pattern": "("}]}, {"x": 1})
    assert isinstance(raised.value.sentence, Message)
