"""Templates: what they give, how values become text, and what no template may do."""

from __future__ import annotations

import pytest

from smartspec.domain.definition import render
from smartspec.domain.definition.expressions import parse, parse_condition
from smartspec.domain.definition.jinja_sandbox import quote_for_cmd
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import Json
from smartspec.messages import Message

NAMES = {
    "params": {"n": 5, "text": "a b", "items": [1, 2], "get": "key", "evil": "{{ 7*7 }}", "none": None, "yes": True},
    "tasks": {"a": {"outputs": {"rows": [{"x": 1}, {"x": 2}]}}},
    "item": {"host": {"name": "h"}},
    "big": 2**10_000,
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ params.missing }}", "{what} has no attribute {name}"),
        ("{{ missing | map('string') | join }}", "{name} is undefined"),
        ("{{ params.n ** params.n }}", "the operator ** is not available"),
        ("{{ params.text * 10000000 }}", "the text is longer than 1 MiB"),
    ],
)
def test_why_it_failed_keeps_its_template_also_from_the_sandbox(template: str, why: str) -> None:
    with pytest.raises(TemplateError) as raised:
        render.render(template, NAMES)
    sentence = raised.value.sentence
    assert isinstance(sentence, Message) and sentence == str(raised.value)
    inner = sentence.values["why"]
    assert isinstance(inner, Message) and inner.template == why


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ params.n }}", 5), ("{{ params.n + 1 }}", 6), ("{{ params.items }}", [1, 2]), ("{{ params.yes }}", True),
        ("{{ params.none }}", None), ("n={{ params.n }}", "n=5"), ("{{ params.n }}{{ params.n }}", "55"),
        ("x{{ params.none }}y", "xy"), ("{{ params.yes }}!", "true!"), ("v: {{ params.items }}", "v: [1, 2]"),
        ("{{ tasks.a.outputs.rows | map(attribute='x') | list }}", [1, 2]),
        ("{{ tasks.a.outputs.rows | map(attribute='x') }}", [1, 2]), ("{{ item.host.name }}", "h"),
        ("{{ params.missing | default('d') }}", "d"), ("{{ params.missing is defined }}", False),
        ("{{ '[1]' | fromjson }}", [1]), ("{{ params.items | tojson }}", "[1, 2]"), ("{{ params.text | q }}", "'a b'"),
        ("{{ params.text | upper }}", "A B"), ("{{ params.text | replace('a', 'c') }}", "c b"),
        ("{{ params.items | join('-') }}", "1-2"), ("{{ params.items | map('string') | join('-') }}", "1-2"),
        ("{{ tasks.a.outputs.rows | join('-', attribute='x') }}", "1-2"), ("{{ '%s!' | format(params.n) }}", "5!"), ("plain", "plain"),
        ("${#x} {# no comment #}", "${#x} {# no comment #}"), ("{{ params['n'] }}", 5), ("{{ range(3) | list }}", [0, 1, 2]),
        ("{{ null }}", None), ("{{ params.missing | default(null) }}", None), ("{{ params.none is null }}", True), ("a{{ null }}b", "ab"),
        ("{{ '{{.Names}}' | q }}", "'{{.Names}}'"),
        ("{{ params.text | indent(2) }}", "a b"), ("{{ 'x' | center(3) }}", " x "),
    ],
)  # fmt: skip
def test_templates_give_values(template: str, value: object) -> None:
    found = render.render(template, NAMES)
    assert found == value
    assert type(found) is type(value)


def test_on_a_mapping_a_name_is_always_a_key() -> None:
    assert render.render("{{ params.get }}", NAMES) == "key"
    assert render.render("{{ params.items }}", NAMES) == [1, 2]
    with pytest.raises(TemplateError):
        render.render("{{ params.keys }}", NAMES)
    with pytest.raises(TemplateError):
        render.render("{{ params['values'] }}", NAMES)


def test_a_value_is_never_read_as_a_template_again() -> None:
    assert render.render("{{ params.evil }}", NAMES) == "{{ 7*7 }}"
    assert render.render({"a": ["{{ params.evil }}"]}, NAMES) == {"a": ["{{ 7*7 }}"]}


@pytest.mark.parametrize(
    "template",
    [
        "{{ params.missing }}", "{{ missing }}", "{{ params.missing.deeper }}", "{{ 9**(9**9) }}", "{{ 'a' * 99999999 }}",
        "{{ [1] * 99999999 }}", "{{ '%999999999d' % 1 }}", "{{ '%999999999d' | format(1) }}", "{{ 'a'.center(999999999) }}",
        "{{ 'a' | center(999999999) }}", "{{ '{:999999999}'.format(1) }}", "{{ 'a'.__class__ }}", "{{ params.__class__ }}",
        "{{ ''.__class__.__mro__ }}", "{{ params.items.append(3) }}", "{{ range(999999999) | list }}", "{{ 1 / 0 }}",
        "{{ 'x' | fromjson }}", "{{ [1, 2, 3] | join('x' * 999999) }}", "{{ 'a' | replace('', 'x' * 999999) | replace('x', 'y' * 9999) }}",
        "{{ x", "{{ 1 if }}", "{{ lipsum() }}", "{{ cycler('a') }}", "{{ self }}", "{{ namespace() }}",
        "{{ big * big }}", "{{ 'a' | indent('x' * 999999, true) | indent('x' * 999999, true) }}",
        "{{ params.items | map(attribute='nope') | list }}",
    ],
)  # fmt: skip
def test_what_cannot_or_may_not_be_evaluated_is_a_sentence(template: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render.render(template, NAMES)
    assert str(caught.value).strip()


def test_statements_are_refused() -> None:
    with pytest.raises(TemplateError, match="Only expressions"):
        parse("{% for x in y %}")


def test_a_text_longer_than_a_mebibyte_is_refused() -> None:
    with pytest.raises(TemplateError, match="longer than 1 MiB"):
        render.render("{{ t }}{{ t }}", {"t": "x" * 600_000})


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (True, "true"), (None, ""), ([1, "ä"], '[1, "ä"]'), ({"a": 1}, '{"a": 1}'), (1.5, "1.5")],
)
def test_values_become_text_where_only_text_goes(value: Json, text: str) -> None:
    assert render.render_text("{{ v }}", {"v": value}) == text
    assert render.render_text(value, {}) == text


@pytest.mark.parametrize(
    "condition", ["params.n > 3", "{{ params.n > 3 }}", " {{ params.yes }} ", "not params.none", "true", True]
)
def test_a_condition_is_one_expression_with_or_without_braces(condition: str | bool) -> None:
    assert render.truth(condition, NAMES) is True


@pytest.mark.parametrize("condition", ["params.n", "{{ 'false' }}", "params.none", "params.items", "1", "''"])
def test_a_condition_must_give_true_or_false(condition: str) -> None:
    with pytest.raises(TemplateError, match="must give true or false"):
        render.truth(condition, NAMES)


@pytest.mark.parametrize("condition", ["x {{ true }}", "{{ true }} and {{ true }}", "{{ true }}."])
def test_text_around_a_condition_is_refused(condition: str) -> None:
    with pytest.raises(TemplateError, match="no text around it"):
        parse_condition(condition)


@pytest.mark.parametrize("value", ["text", 5, None, {"a": 1}, True])
def test_items_must_be_a_list(value: object) -> None:
    with pytest.raises(TemplateError, match="must give a list"):
        render.items("{{ v }}", {"v": value})


def test_there_is_an_end_to_items() -> None:
    with pytest.raises(TemplateError, match="100,001 items"):
        render.items([0] * 100_001, {})


def test_quoting_for_cmd_refuses_what_cannot_be_quoted() -> None:
    assert quote_for_cmd("a b") == '"a b"'
    for bad in ("50%", 'a"b', "a\nb"):
        with pytest.raises(TemplateError):
            quote_for_cmd(bad)
