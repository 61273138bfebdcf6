"""What helps while a text is written: completion, fixes, merging, and a search that is changed by parts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartspec.domain.compare.merge import merge
from smartspec.domain.definition.check import check
from smartspec.domain.definition.completion import completions, names_under, task_kinds
from smartspec.domain.definition.fixes import QuickFix, quick_fix
from smartspec.domain.definition.parse import parse
from smartspec.domain.search import query
from smartspec.errors import Problem
from smartspec.messages import Message, _, translate
from tests.pseudo import untranslated

TEXT = """smartspec: 1
name: x
params:
  type: object
  properties:
    album: {type: string}
config:
  host: {type: string, default: a}
tasks:
  fetch:
    run: echo
  load:
    needs: [fetch]
"""


def words(text: str) -> list[str]:
    at = text.index("|") if "|" in text else len(text)
    return [each.word for each in completions(text.replace("|", ""), at).words]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("    ti|", ["timeout: "]),
        ("    retry:\n      m|", ["max: ", "max_delay: "]),
        ("    needs: [fe|", ["fetch"]),
        ("    needs:\n      - lo|", ["load"]),
        ("    join: a|", ["all", "any"]),
        ("    continue_on_error: t|", ["true"]),
        ('    env: {A: "{{ params.|', ["album"]),
        ('    env: {A: "{{ config.h|', ["host"]),
        ('    env: {A: "{{ tasks.fetch.out|', ["outputs"]),
        ("    env: {A: \"{{ tasks['fetch'].out|", ["outputs"]),
        ('    env: {A: "{{ tasks[|', ['"fetch"]', '"load"]']),
        ("    env: {A: \"{{ tasks['l|", ["'load']"]),
        ('    env: {A: "{{ exec|', ["execution"]),
        ("hand|", ["handlers: "]),
        ("defaults:\n  r|", ["retry: "]),
    ],
)
def test_what_fits_here(more: str, expected: list[str]) -> None:
    assert words(TEXT + more) == expected


@pytest.mark.parametrize(
    "more", ["    ti", "    needs: [fe", '    env: {A: "{{ con', '    env: {A: "{{ params.', '    env: {A: "{{ tasks[']
)
def test_what_fits_is_explained_in_the_language_that_is_spoken(more: str, pseudo: None) -> None:
    found = completions(TEXT + more, len(TEXT + more)).words
    assert found and all(each.meaning and untranslated(translate(each.meaning)) == [] for each in found)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(0, 60))
def test_any_text_at_any_place_is_answered(more: str, at: int) -> None:
    completions(TEXT + more, min(len(TEXT + more), len(TEXT) + at))


def test_names_under_a_key_by_lines_alone() -> None:
    assert names_under(TEXT, "tasks") == ["fetch", "load"]
    assert names_under(TEXT, "params", "properties") == ["album"]
    assert names_under(TEXT, "nothing") == []


def test_what_a_task_does_is_seen_by_lines_alone() -> None:
    text = """tasks:
  fetch:
    needs: [x]
    # run: not this
    http: {url: y}
  load: {env: {runner: no}, python: print(1)}
  fresh:
vars: {run: z}
"""
    assert task_kinds(text) == {"fetch": "http", "load": "python", "fresh": ""}


HEAD = "smartspec: 1\nname: x\n"


def only_fix(rest: str) -> QuickFix | None:
    """Of the only problem of a workflow file."""
    (problem,) = check(parse(HEAD + rest), lambda ref: None).problems
    return quick_fix(problem, HEAD + rest)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("tasks:\n  fetch: {run: x}\n  b: {run: x, needs: [ftch]}\n", "needs: [fetch]"),
        ("tasks:\n  b: {run: x, neds: []}\n", "{run: x, needs: []}"),
        ("tasks:\n  trumpet: {rum: x}\n", "trumpet: {run: x}"),
        ("tasks:\n  ru-m: {ru: x}\n", "ru-m: {run: x}"),
        ("tasks:\n  b: {run: x, if: 'param.x'}\n", "if: 'params.x'"),
        ("tasks:\n  b: {run: x, if: 'sucess()'}\n", "if: 'success()'"),
        ("tasks:\n  b: {run: x, if: '1 | lenght'}\n", "if: '1 | length'"),
        ("tasks:\n  b: {run: x, if: 'vars.albun'}\nvars: {album: 1}\n", "if: 'vars.album'"),
        ("tasks:\n  a: {run: x}\n  b: {run: x, needs: [a], if: 'tasks.a.statsu'}\n", "if: 'tasks.a.status'"),
    ],
)
def test_a_guess_becomes_a_fix(text: str, mended: str) -> None:
    found = only_fix(text)
    assert found is not None and found.label.startswith("Did you mean ") and isinstance(found.label, Message)
    assert mended in found.applied(HEAD + text)


@pytest.mark.parametrize(
    ("needs", "left"),
    [("[b]", "[]"), ("[b, c]", "[c]"), ("[c, b]", "[c]"), ("[c, b, d]", "[c, d]"), ("[b-1, b]", "[b-1]")],
)
def test_a_cycle_is_broken_by_one_need_less(needs: str, left: str) -> None:
    others = "  b: {run: x, needs: [a]}\n  c: {run: x}\n  d: {run: x}\n  b-1: {run: x}\n"
    found = only_fix(f"tasks:\n  a: {{run: x, needs: {needs}}}\n{others}")
    assert found is not None
    assert found.applied(HEAD + f"tasks:\n  a: {{run: x, needs: {needs}}}\n{others}") == (
        f"{HEAD}tasks:\n  a: {{run: x, needs: {left}}}\n{others}"
    )


def test_what_has_no_plain_fix_has_none() -> None:
    assert only_fix("tasks:\n  b: {workflow: y}\n") is None
    assert quick_fix(Problem("", _("It is gone."), None, None), "") is None


def test_both_changes_are_kept_where_they_do_not_meet() -> None:
    base = "a\nb\nc\nd\ne\n"
    merged = merge(base, base.replace("a", "A"), base.replace("e", "E"))
    assert (merged.text, merged.conflicts) == ("A\nb\nc\nd\nE\n", 0)


def test_where_both_changed_the_same_lines_both_stand() -> None:
    merged = merge("a\nb\nc\n", "a\nmine\nc\n", "a\ntheirs\nc\n")
    assert merged.conflicts == 1
    assert merged.text == "a\n<<<<<<< mine\nmine\n=======\ntheirs\n>>>>>>> saved meanwhile\nc\n"


lines = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(lambda each: "".join(f"{x}\n" for x in each))


@settings(max_examples=300, deadline=None)
@given(lines, lines)
def test_merging_with_what_did_not_change_gives_the_change(base: str, other: str) -> None:
    assert merge(base, other, base).text == other
    assert merge(base, base, other).text == other
    assert merge(base, other, other) == merge(base, other, other)
    assert merge(base, other, other).text == other


def test_a_search_is_changed_by_parts() -> None:
    text = 'status:failed wf:"Nightly backup" since:mon "disk full" nas'
    assert query.filter_values(text) == {"status": "failed", "workflow": "Nightly backup", "after": "mon"}
    assert query.with_filter(text, "status", "failed,timeout").endswith("status:failed,timeout")
    assert query.with_filter(text, "after", None) == 'status:failed wf:"Nightly backup" "disk full" nas'
    assert query.with_filter("", "workflow", "My jobs") == 'workflow:"My jobs"'


@pytest.mark.parametrize(
    ("template", "mended"),
    [
        ('"{{ tasks.a-b.outputs.x }}"', "\"{{ tasks['a-b'].outputs.x }}\""),
        ("'{{ tasks.a-b.outputs.x }}'", "'{{ tasks[\"a-b\"].outputs.x }}'"),
        ("x {{ tasks.a-b.outputs.x }}", 'x {{ tasks["a-b"].outputs.x }}'),
    ],
)
def test_a_name_with_a_dash_is_put_in_brackets(template: str, mended: str) -> None:
    text = (
        f"smartspec: 1\nname: x\ntasks:\n  a-b: {{run: x}}\n  c:\n    needs: [a-b]\n    run: x\n    cwd: {template}\n"
    )
    (problem,) = check(parse(text), lambda ref: None).problems
    found = quick_fix(problem, text)
    assert found is not None and mended in found.applied(text)
    assert check(parse(found.applied(text)), lambda ref: None).problems == ()
