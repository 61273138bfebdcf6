"""What a template would come to: by the rules and limits of a run, with the values of today and of the last run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smartspec.commands.preview_names import PreviewNames, names_of, with_outcome
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain.definition import model, parse
from smartspec.domain.definition.chains import chains_of
from smartspec.domain.definition.expressions import Expression, parse_condition
from smartspec.domain.definition.expressions import parse as parse_template
from smartspec.domain.definition.json_values import to_text
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import dotted_path, to_json
from smartspec.domain.definition.render import render, truth
from smartspec.domain.definition.task import Task
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.definition.template_place import TemplatePlace, place_at, task_of
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.messages import Message, _
from smartspec.store import versions
from smartspec.value import frozen

NONE = "–"  # the value of what has none
LONGEST = 4_000  # characters of a value that are shown
_LONGEST_PART, _MOST_PARTS = 120, 8


@frozen
class PreviewPart:
    """A name that the template uses, its value, and where that comes from."""

    name: str
    value: str
    origin: Message


@frozen
class TemplatePreview:
    """What stands at `path` (dotted), and what it comes to: `value`, or `problem` where it comes to nothing.

    `is_cut`: the value is longer than what is given of it.
    """

    path: str
    text: str
    value: str = ""
    is_cut: bool = False
    problem: str = ""
    parts: tuple[PreviewPart, ...] = ()


def preview_template(
    ref: str, text: str, line: int, column: int, format: str = "yaml", workspace: str = DEFAULT
) -> TemplatePreview | None:
    """Of the template at a place of a text; None where there is none, or the text cannot be read."""
    try:
        root = parse.parse(text, format)
    except Invalid:
        return None
    place = place_at(root, line, column)
    if place is None:
        return None
    workflow = get_workflow(ref, workspace)
    definition = model.read(to_json(root))
    names = names_of(workflow, versions.current(workflow.pk), definition, _task(definition, place))
    if place.path[0] == "handlers":
        names = with_outcome(names)
    return _evaluated(place, names)


def _task(definition: Definition, place: TemplatePlace) -> Task | None:
    if place.path[0] == "handlers" and len(place.path) > 1:
        return definition.handlers.get(str(place.path[1]))
    return definition.tasks.get(task_of(place.path) or "")


def _evaluated(place: TemplatePlace, names: PreviewNames) -> TemplatePreview:
    shown = TemplatePreview(dotted_path(place.path), place.text)
    values = names.values
    try:
        parts = tuple(_parts(place, names))
        found = truth(place.text, values) if place.is_condition else render(place.text, values)
    except TemplateError as error:
        known = _known(place, names)
        missing = next((each for each in known if each.value == NONE), None)
        problem = error.sentence
        if missing is not None:
            problem = _("“{name}” has no value: {origin}.", name=missing.name, origin=missing.origin)
        return TemplatePreview(shown.path, shown.text, problem=problem, parts=known)
    value = to_text(found)
    return TemplatePreview(shown.path, shown.text, value[:LONGEST], len(value) > LONGEST, parts=parts)


def _known(place: TemplatePlace, names: PreviewNames) -> tuple[PreviewPart, ...]:
    """The names it uses, as far as it can be read."""
    try:
        return tuple(_parts(place, names))
    except TemplateError:
        return ()


def _parts(place: TemplatePlace, names: PreviewNames) -> Iterator[PreviewPart]:
    read = [parse_condition(place.text)] if place.is_condition else parse_template(place.text)
    seen: set[str] = set()
    for part in read:
        for chain in chains_of(part.node) if isinstance(part, Expression) else ():
            known = [step for step in chain if step is not None]
            name = ".".join(known)
            if name not in seen and len(seen) < _MOST_PARTS:
                seen.add(name)
                yield PreviewPart(name, _looked_up(known, names.values), names.origin(chain))


def _looked_up(chain: list[str], values: Mapping[str, object]) -> str:
    """On one line; a dash where there is none."""
    found: object = values
    for step in chain:
        if not isinstance(found, Mapping) or step not in found:
            return NONE
        found = found[step]
    return one_line(to_text(found() if callable(found) else found), _LONGEST_PART)
