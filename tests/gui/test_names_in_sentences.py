"""A name is written as it is, also where it begins a sentence."""

from __future__ import annotations

from smartspec.domain.compare.finding import Finding
from smartspec.errors import Conflict
from smartspec.gui.core.notifications import of_error
from smartspec.gui.pages.execution.findings import sentence_of
from smartspec.messages import _


def test_a_finding_about_a_task_keeps_its_name() -> None:
    took = _("{task} took {now}, before {before}", task="second", now="2 s", before="1 s")
    assert sentence_of(Finding("duration", took, "", 32)) == "second took 2 s, before 1 s"
    changed = _("the setting {key} changed: {old} → {new}", key="host", old="a", new="b")
    assert sentence_of(Finding("setting", changed, "", 32)) == "The setting host changed: a → b"


def test_what_a_message_goes_on_with_keeps_a_name() -> None:
    long = "x" * 100
    error = Conflict(_("The name {name} is taken; {other} has it.", name=long, other="second"))
    assert of_error(error).meaning == "second has it."
    error = Conflict(_("The name {name} is taken; choose another one.", name=long))
    assert of_error(error).meaning == "Choose another one."
