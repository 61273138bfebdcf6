"""What is told of a text that cannot be parsed: a sentence of our own, a place inside of the text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from smartspec.domain.definition import yamltree
from smartspec.domain.definition.check import check
from smartspec.domain.definition.expressions import parse as parse_template
from smartspec.domain.definition.parse import parse
from smartspec.domain.definition.template_error import TemplateError
from smartspec.errors import Invalid, Problem

HEAD = "smartspec: 1\nname: x\ntasks:\n"
# text, line, column, a part of the sentence
YAML = {
    "a line without a colon": (HEAD + "  a:\n    run: echo\n  second\n", 6, 3, "A “:” is missing behind “second”"),
    "a colon missing above": (HEAD + "  a\n  b:\n    run: x\n", 4, 3, "A “:” is missing behind “a”"),
    "two colons": ("a: b: c", 1, 5, "A second “: ”"),
    "further in": (HEAD + "  a:\n    run: echo\n     timeout: 3\n", 6, 6, "further in than line 5"),
    "between two columns": (HEAD + "  a:\n    run: echo\n   timeout: 3\n", 6, 4, "begins in column 4"),
    "a list that is not closed": (HEAD + "  a:\n    needs: [b\n    run: x\n", 5, 12, "“]” is missing"),
    "a list that ends with the text": ("a: [1,2\n", 1, 4, "“]” is missing"),
    "a mapping that is not closed": ("x: {a: 1, b\n\n\n", 1, 4, "“}” is missing"),
    "a colon in brackets": ("a: [b: c: d]", 1, 9, "A “,” or “]” is missing here"),
    "a quote that is not closed": ("a: 'x\nb: 2\n", 1, 4, "begins here with ' is never closed"),
    "a text behind a quote": ('a: "x" y\n', 1, 8, "put all of it in quotes"),
    "an escape that is none": ('a: "\\q"', 1, 5, "write it twice"),
    "an escape without digits": ('a: "\\xzz"', 1, 7, "hexadecimal digits"),
    "an at sign": ("a: @x", 1, 4, "cannot begin with “@”"),
    "stars": ("a: * * *\n", 1, 4, "“*” begins a name of YAML's own"),
    "a tag": ("a: !<x\n", 1, 4, "“!” has a meaning of YAML's own"),
    "a text behind a bar": ("a: | x\n  y\n", 1, 6, "Behind “|” or “>” the line ends"),
    "an item behind a key": ("a: - b\n", 1, 4, "begins a line of its own"),
    "an item among keys": ("a: 1\n- b\n", 2, 1, "cannot stand among keys"),
    "a key among items": ("- a\nb: c\n", 2, 1, "write “- ” before it"),
    "a bracket too many": ("a: [x]]\n", 1, 7, "“]” closes nothing"),
    "a value missing": ("a: [,]\n", 1, 5, "A value is missing before “,”"),
    "a tab": ("a: 1\n\tb: 2\n", 2, 1, "indented with a tab"),
    "a control character": ("a: \x01", 1, 4, "U+0001"),
    "half a character": ("a: \ud800", 1, 4, "half of a character"),
    "what a merge left": ("a:\n  b: 1\n<<<<<<< mine\n  c: 1\n=======\n  c: 2\n>>>>>>> saved\n", 3, 1, "Two edits"),
    "a directive": ("%FOO\na: b", 1, 1, "“%” has a meaning of YAML's own"),
}
JSON = {
    "a comma too many": ('{"a": [1, 2,]}', 1, 13, "before “]”"),
    "a comma too few": ('{"a": 1 "b": 2}', 1, 9, "A “,” or a closing bracket"),
    "a colon too few": ('{"a" 1}', 1, 6, "A “:” is missing"),
    "single quotes": ("{'a': 1}", 1, 2, "double quotes"),
    "a bare word": ('{"a": yes}', 1, 7, "“yes” is no value of JSON"),
    "cut off": ('{"a": 1,\n\n', 1, 9, "ends in the middle"),
    "more behind": ('{"a": 1} 2', 1, 10, "does not belong to it"),
    "a quote that is not closed": ('{"a": "x}', 1, 7, "never closed"),
    "a line break": ('{"a": "x\ny"}', 1, 9, "one line"),
    "a backslash": ('{"a": "\\q"}', 1, 8, "write it twice"),
    "a short escape": ('{"a": "\\u12"}', 1, 9, "Four hexadecimal digits"),
}


def problem(text: str, source_format: str = "yaml") -> Problem:
    with pytest.raises(Invalid) as caught:
        parse(text, source_format)
    return caught.value.problems[0]


@pytest.mark.parametrize("case", YAML.values(), ids=list(YAML))
def test_what_is_no_yaml_says_what_to_write(case: tuple[str, int, int, str]) -> None:
    text, line, column, words = case
    found = problem(text)
    assert words in found.sentence
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize("case", YAML.values(), ids=list(YAML))
def test_both_parsers_are_understood(case: tuple[str, int, int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamltree, "_LOADER", yaml.SafeLoader)
    with pytest.raises(Invalid) as caught:
        parse(case[0])
    assert "This is not YAML" not in caught.value.problems[0].sentence


@pytest.mark.parametrize("case", JSON.values(), ids=list(JSON))
def test_what_is_no_json_says_what_to_write(case: tuple[str, int, int, str]) -> None:
    text, line, column, words = case
    found = problem(text, "json")
    assert words in found.sentence
    assert (found.line, found.column) == (line, column)


WORDS = st.sampled_from(
    ["a", "b: ", ": ", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "'", '"', "\\", "|", "> ", "# x", "* ",
     "&a ", "!t ", "%", "@", "\t", "? ", "---\n", "...\n", "{{ x }}", "null"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12).map("".join), st.sampled_from(["yaml", "json"]))
def test_every_place_is_inside_and_every_sentence_our_own(text: str, source_format: str) -> None:
    try:
        parse(text, source_format)
    except Invalid as error:
        told = error.problems[0]
        lines = text.split("\n")
        assert told.line is not None and 1 <= told.line <= len(lines)
        assert told.column is not None and 1 <= told.column <= len(lines[told.line - 1]) + 1
        assert "This is not YAML" not in told.sentence and "This cannot be read" not in told.sentence


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("  second:\n", "“second” is empty: what it does stands below it, two spaces further in, as in"),
        ("  second:\n    ru\n", '“second” wants keys below it, as in `run: echo hello`, and not only "ru".'),
        ("  a: {run: x, retry: }\n", "“retry” is empty: its keys stand below it"),
        ("  a: {run: x, needs: }\n", "“needs” is empty: its items stand behind it in brackets"),
        ("  a: {run: }\n", "“run” has no value: it must be text."),
        ("  a: {run: x}\nrun: y\n", "“run” belongs to a task: it stands below the task's name"),
        ("  a: {http: {url: x, run: y}}\n", "“run” is not a known key"),
        ("  a: {run: x}\nnamme: y\n", "“namme” is not a known key; did you mean “name”?"),
    ],
)
def test_what_is_empty_or_stands_elsewhere_is_told_by_its_name(more: str, sentence: str) -> None:
    found = [str(each.sentence) for each in check(parse(HEAD + more), lambda ref: None).problems]
    assert any(each.startswith(sentence) for each in found), found
    assert not any("not null" in each for each in found)


def test_no_tasks_at_all() -> None:
    found = [str(each.sentence) for each in check(parse(HEAD), lambda ref: None).problems]
    assert found == ["“tasks” is empty: the names of tasks stand below it, two spaces further in."]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ a", "“}}” is missing"), ("{{ }}", "nothing between the braces"), ("{{ a b }}", "“b” stands behind"),
        ("{{ a. }}", "behind a “.”"), ("{{ a[ }}", "“]” is missing before “}”"), ("{{ a ? b }}", "write “a if b else c”"),
        ("{{ 'a }}", "in quotes is not closed"), ("{{ a | }}", "A name is missing before “}}”"),
        ("{{ (a }}", "“)” is missing"), ("{{ a) }}", "“)” cannot stand there"), ("{{ a + }}", "ends before it is complete"),
        ("{{ a $ b }}", "“$” cannot stand in an expression"), ("{{ a = 1 }}", "“==” asks"),
        ("{{ f(a b) }}", "“b” stands where “,”"), ("{{ f(a=1, 2) }}", "Values with names come last"),
        ("{{ a || b }}", "write “or”"), ("{{ a && b }}", "write “and”"), ("{{ !a }}", "write “not”"),
    ],
)  # fmt: skip
def test_an_expression_that_cannot_be_read_says_what_to_write(template: str, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template(template)
    assert words in caught.value.sentence


EXPRESSIONS = st.sampled_from(
    ["a", ".", "[", "]", "(", ")", "{", "}", "'", '"', " if ", " else ", "|", "&", "!", "?", "=", "==", ",", ":", "1", "~",
     " is ", " in ", " not ", "$", "#", ";", "\\", "é", "-"]
)  # fmt: skip


@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")  # of a text in it, as '\\.'
@given(st.lists(EXPRESSIONS, max_size=8).map("".join))
@example("'\\.'")
def test_no_expression_is_answered_in_the_words_of_the_engine(inner: str) -> None:
    try:
        parse_template("{{ " + inner + " }}")
    except TemplateError as error:
        assert "cannot be read:" not in error.sentence and "print statement" not in error.sentence
