"""What a template would come to: today's values, those of the last run, and a sentence where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smartspec.commands import configs, previews, starting
from smartspec.commands.previews import TemplatePreview
from smartspec.domain import times
from smartspec.domain.execution import Origin, Trigger
from smartspec.errors import WorkflowNotFound
from tests.conftest import run_on

Store = Callable[..., Any]
TEXT = """smartspec: 1
name: x
params:
  type: object
  required: [who]
  properties:
    who: {type: string}
    greeting: {type: string, default: hello}
config:
  host: {type: string, default: nas.local}
  key: {type: secret}
vars:
  title: "{{ params.greeting }}, {{ params.who }}"
env:
  OUTER: "{{ vars.title }}"
tasks:
  first:
    run: |
      echo "one"
      echo "{{ params.who | q }}"
      echo "files=3" >> "$SMARTSPEC_OUTPUT"
    outputs: {said: "{{ result.stdout | trim }}"}
  each:
    needs: [first]
    with_items: ["{{ tasks.first.outputs.files }}", 8]
    run: echo {{ item }} {{ index }}
    env: {INNER: "{{ env.OUTER }}!", KEY: "{{ config.key }}"}
  last:
    needs: [first]
    if: success() and tasks.first.outputs.files | int > 2
    run: echo {{ config.host | upper | q }} {{ tasks.last.outputs.nothing }}
    retry: {max: 1, until: "outputs.done"}
  group:
    parallel:
      inner: {run: "echo {{ today | q }}"}
handlers:
  failure: {run: "echo {{ execution.status | q }}"}
"""

SMALL = "smartspec: 1\nname: x\ntasks: {a: {run: echo}}\n"


def preview(words: str, text: str = TEXT, column: int | None = None) -> TemplatePreview | None:
    """Of what stands at the first place of some words."""
    at = text.index(words)
    line = text.count("\n", 0, at) + 1
    return previews.preview_template("x", text, line, column or at - text.rfind("\n", 0, at))


def test_before_anything_ran(store: Store) -> None:
    store(SMALL)
    found = preview("config.host")
    assert found is not None and (found.value, found.path) == ("", "tasks.last.run")
    assert str(found.problem) == "“tasks.last.outputs.nothing” has no value: it has not run yet."
    assert [(each.name, each.value, str(each.origin)) for each in found.parts] == [
        ("config.host", "nas.local", "its default"), ("tasks.last.outputs.nothing", "–", "it has not run yet"),
    ]  # fmt: skip
    who = preview('params.who }}"\nenv')
    assert who is not None and who.problem and who.path == "vars.title"
    assert preview("needs: [first]") is None
    assert preview("  type: object") is None


def test_with_the_values_of_the_last_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_X_KEY", "very secret")
    monkeypatch.setenv("SMARTSPEC_SECRET_KEY", "very secret")
    store(TEXT.replace(" {{ tasks.last.outputs.nothing }}", "").replace('    retry: {max: 1, until: "outputs.done"}\n', "")
          .replace("  key: {type: secret}\n", "").replace(', KEY: "{{ config.key }}"', ""))  # fmt: skip
    run_on(starting.start_execution("x", {"who": "Ann"}, origin=Origin(Trigger.CLI)))
    configs.set_config("x", "host", "other")
    value = {words: found.value for words in (
        "title:", "OUTER", 'echo "one"', "said:", "with_items", "echo {{ item", "INNER", "if:", "inner",
        "{run: \"echo {{ execution",
    ) if (found := preview(words)) is not None}  # fmt: skip
    assert value == {
        "title:": "hello, Ann", "OUTER": "hello, Ann",
        'echo "one"': 'echo "one"\necho "Ann"\necho "files=3" >> "$SMARTSPEC_OUTPUT"\n', "said:": "one\nAnn",
        "with_items": "3", "echo {{ item": "echo 3 0", "INNER": "hello, Ann!", "if:": "true",
        "inner": f"echo {times.now().astimezone():%Y-%m-%d}", "{run: \"echo {{ execution": "echo completed",
    }  # fmt: skip
    assert preview("needs: [first]") is None
    found = preview("config.host", TEXT.replace(" {{ tasks.last.outputs.nothing }}", ""))
    assert found is not None and found.value == "echo OTHER"
    assert [str(each.origin) for each in found.parts] == ["saved"]
    said = preview("said:")
    assert said is not None and str(said.parts[0].origin) == "of the log of #1"


def test_a_secret_is_never_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_KEY", "very secret")
    store(SMALL)
    at = TEXT.index("KEY:")
    found = preview("KEY:", column=at - TEXT.rfind("\n", 0, at) + 5)
    assert found is not None
    assert "very secret" not in repr(found) and found.value == "******"
    assert str(found.parts[0].origin) == "a secret, not shown"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ nowhere }}", "nowhere"),
        ("{{ 1 / 0 }}", "zero"),
        ("{{ config.host", "is missing"),
        ("{{ 'x' * 10000000 }}", ""),
        ("{{ range(100000000) | list | length }}", ""),
    ],
)
def test_what_comes_to_nothing_says_why(store: Store, template: str, words: str) -> None:
    text = f'smartspec: 1\nname: x\ntasks:\n  a:\n    run: "{template}"\n'
    store("smartspec: 1\nname: x\ntasks: {a: {run: echo}}\n")
    found = preview("{{", text)
    assert found is not None and found.problem and not found.value
    assert words in found.problem


def test_a_long_value_is_cut_and_says_so(store: Store) -> None:
    text = "smartspec: 1\nname: x\ntasks:\n  a:\n    run: \"{{ 'abc' * 2000 }}\"\n"
    store(text)
    found = preview("{{", text)
    assert found is not None and found.is_cut and found.value == ("abc" * 2000)[: previews.LONGEST]


def test_a_text_that_cannot_be_read_has_none(store: Store) -> None:
    store("smartspec: 1\nname: x\ntasks: {a: {run: echo}}\n")
    assert previews.preview_template("x", "a: [{{ x }}", 1, 5) is None
    with pytest.raises(WorkflowNotFound):
        previews.preview_template("y", 'a: "{{ x }}"', 1, 5)
