"""Expressions without end: each is ended or refused with a sentence, wherever it would be evaluated."""

from __future__ import annotations

import gc
import resource

import pytest

from smartspec.domain.definition import render
from smartspec.domain.definition.expressions import Expression, parse
from smartspec.domain.definition.template_error import TemplateError

NAMES = {
    "params": {"n": 5, "list": [1, 2], "text": "a b", "big": "x" * 1_000_000},
    "item": {"host": "h"},
    "tasks": {"a": {"outputs": {"rows": [[0] * 1000] * 100}, "status": "completed"}},
    "success": lambda: True,
    "failure": lambda: False,
}

ENDLESS = [
    "{{ [1] | slice(1000000000) | list | length }}",
    "{{ [range(99999) | list] * 1000000 }}",
    "{{ range(99999) | map('string') | map('center', 100000) | map('length') | sum }}",
    "{{ range(99999) | batch(1) | map('list') | map('batch', 1) | map('list') | list | tojson | length }}",
    "{{ (([range(99999) | list] * 1000) | sum(start=[])) | length }}",
    "{{ [[[[1] * 1000] * 1000] * 1000] * 1000 == [[[[1] * 1000] * 1000] * 1000] * 1000 }}",
    "{{ 15 | round(1000000000, 'ceil') }}",
    "{{ ((range(99999) | list) * 10) | map('string') | join(',') | wordwrap(1) | length }}",
    "{{ (params.big | list) | unique | list | length + ((params.big | list) * 2) | length }}",
    "{{ params.big | trim(params.big ~ 'y') | wordcount }}",
    "{{ 'a' * 1000000 ~ 'b' * 1000000 }}",
    "{{ ([params.big] * 1000) | join }}",
    "{{ [params.big] * 100000 }}",
    "{{ {'a': [params.big] * 100000} | string | length }}",
    "{{ 'x'" + " | tojson" * 60 + " }}",
    '{{ "\'"' + " | q" * 60 + " }}",
    "{{ " + "(" * 40 + "params.list" + " * 100)" * 40 + " | length }}",
    "{{ ('f' * 1000000) | int(0, 16) }}",
    "{{ '[' * 1000000 | fromjson }}",
    "{{ ('[' * 100000) | fromjson }}",
    "{{ " + "1 + " * 5000 + "1 }}",
    "{{ params" + ".a" * 5000 + " }}",
    "{{ " + "9" * 5000 + " }}",
]


@pytest.mark.parametrize("template", ENDLESS, ids=lambda text: text[:60])
def test_what_has_no_end_is_ended_with_a_sentence(template: str) -> None:
    """Most are refused or ended; a few end by themselves within the limits. None takes this process along."""
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        render.render(template, NAMES)
    except TemplateError as error:
        assert str(error).endswith(".") and "Error:" not in str(error)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024


def test_the_sentence_says_which_expression_and_what_can_be_done() -> None:
    with pytest.raises(TemplateError) as caught:
        render.render("{{ [1] | slice(1000000000) | list | length }}", NAMES)
    assert str(caught.value) == (
        "“{{ [1] | slice(1000000000) | list | length }}” needs more than 256 MiB of memory and was ended; "
        "make it smaller, or let a task work it out."
    )


@pytest.mark.parametrize("times", [1, 30])
def test_nothing_is_evaluated_by_reading_it(times: int) -> None:
    """Jinja's optimizer works out constants while it compiles; neither parsing nor compiling may."""
    for expression in parse("{{ [1] | slice(1000000000) | list | length }}" * times):
        assert isinstance(expression, Expression)
        expression._compile()


def test_a_text_full_of_opened_statements_is_read_in_no_time() -> None:
    assert parse("{%" * 500_000) == ("{%" * 500_000,)


CHEAP = [
    "{{ params.n }}", "{{ item.host }}", "{{ tasks.a.outputs.rows[0][1] }}", "{{ params.text | q }}", "{{ params.n + 1 }}",
    "{{ params.x | default('a') | upper }}", "{{ tasks.a.status == 'completed' and not failure() }}",
    "{{ params.text ~ '-' ~ params.n }}", "{{ '[1]' | fromjson }}", "{{ params.list | tojson }}", "{{ params.n in [1, 2] }}",
    "{{ 'a' if params.n > 3 else 'b' }}", "{{ params.list | length }}", "{{ params.x is defined }}",
]  # fmt: skip


@pytest.mark.parametrize("template", CHEAP)
def test_what_most_templates_say_is_worked_out_at_once(template: str) -> None:
    assert all(part.is_cheap for part in parse(template) if isinstance(part, Expression))


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ params.list | map('string') | list }}", ["1", "2"]), ("{{ params.n * 2 }}", 10),
        ("{{ params.text.split(' ') }}", ["a", "b"]), ("{{ success() and params.list | sum == 3 }}", True),
        ("x{{ params['list'] | sum }}y", "x3y"), ("{{ tasks[item.host | replace('h', 'a')].status }}", "completed"),
        ("{{ params.missing | default([1] * 2) }}", [1, 1]), ("{{ params | length + [1] | sum }}", 5),
        ("{{ params.list | sum }} {{ params['text'] }} {{ params | map('length') | list }}", "3 a b [1, 4, 4, 3]"),
    ],
)  # fmt: skip
def test_the_others_give_the_same_where_they_can_be_ended(template: str, value: object) -> None:
    assert not all(part.is_cheap for part in parse(template) if isinstance(part, Expression))
    assert render.render(template, NAMES) == value


def test_a_missing_name_is_told_the_same_way() -> None:
    for template in ("{{ params.nope }}", "{{ params.nope | sum }}"):
        with pytest.raises(TemplateError, match=r"^it has no attribute 'nope'\.$"):
            render.render(template, NAMES)
