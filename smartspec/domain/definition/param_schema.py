"""What is wrong with the `params` of a definition, as a JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain.definition import param_defaults
from smartspec.domain.definition.nodes import Path, PathProblem
from smartspec.domain.json_schema import explanations, references, steps, validation
from smartspec.domain.json_schema.references import SchemaIndex
from smartspec.domain.json_schema.validation import DRAFTS, Violation
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import _

MOST_SUBSCHEMAS = 5_000
MOST_UNEVALUATED = 200_000  # their number times that of all subschemas: each may look at each


def findings(params: dict[str, Json]) -> Iterator[PathProblem]:
    """Each thing that would keep the schema from validating an input, at its place."""
    found = list(_findings(params))
    if not found:
        try:
            validation.compile_schema(params)
            found = list(param_defaults.findings(params))
        except Invalid as error:
            found = [((), error.sentence)]
    for path, *told in found:
        yield ("params", *path), *told  # type: ignore[misc]


def _findings(params: dict[str, Json]) -> Iterator[PathProblem]:
    if validation.draft_of(params) is None:
        newest = DRAFTS[0]
        yield (
            ("$schema",),
            _("This is no version of JSON Schema that is known here; the newest is {newest}.", newest=newest),
        )
        return
    broken = [_broken(violation) for violation in validation.schema_violations(params)]
    yield from broken
    if broken:
        return  # where the shape is wrong, what is inside cannot be read
    index = SchemaIndex(params)
    if len(index.subschemas) > MOST_SUBSCHEMAS:
        count, most = format_number(len(index.subschemas)), format_number(MOST_SUBSCHEMAS)
        yield (), _("There are {count} schemas inside; at most {most} are allowed.", count=count, most=most)
        return
    for path, schema in index.subschemas.items():
        if isinstance(schema, dict):
            yield from _patterns(schema, path)
            yield from _references(index, path)
    if (place := references.endless_loop(index)) is not None:
        yield place, _("This is endless: it leads back to itself without going into the value.")
    else:
        yield from _costs(index)


def _costs(index: SchemaIndex) -> Iterator[PathProblem]:
    length, where = steps.longest_chain(index)
    if length > steps.DEEPEST_CHAIN:
        yield where, _(
            "{count} schemas follow one another on one value here; at most {most} may.",
            count=format_number(length), most=steps.DEEPEST_CHAIN,
        )  # fmt: skip
    unevaluated, schemas = steps.count_unevaluated(index), len(index.subschemas)
    if unevaluated * schemas > MOST_UNEVALUATED:
        yield (), _(
            "There are {count} unevaluated… in {schemas} schemas; that is too many.",
            count=format_number(unevaluated), schemas=format_number(schemas),
        )  # fmt: skip


def _broken(violation: Violation) -> PathProblem:
    if violation.keyword == "format" and violation.limit == "regex":
        return violation.path, _pattern_sentence(str(violation.value), validation.NO_PATTERN)
    if violation.keyword == "propertyNames" and violation.limit.limit == "regex":
        name = violation.limit.value
        return (*violation.path, name), _pattern_sentence(name, validation.NO_PATTERN)
    return violation.path, _("This is not JSON Schema: it {why}.", why=explanations.explain(violation))


def _pattern_sentence(pattern: str, otherwise: str) -> str:
    why, shown = validation.pattern_problem(pattern) or otherwise, explanations.short_json(pattern)
    if why == validation.NO_PATTERN:
        return _("This is not a regular expression: {pattern}.", pattern=shown)
    return _("The pattern {pattern} cannot be used: {why}.", pattern=shown, why=why)


def _patterns(schema: dict[str, Json], path: Path) -> Iterator[PathProblem]:
    pattern, keyed = schema.get("pattern"), schema.get("patternProperties")
    if isinstance(pattern, str) and validation.pattern_problem(pattern):
        yield (*path, "pattern"), _pattern_sentence(pattern, "")
    for key in keyed if isinstance(keyed, dict) else ():
        if validation.pattern_problem(key):
            yield (*path, "patternProperties", key), _pattern_sentence(key, "")


def _references(index: SchemaIndex, path: Path) -> Iterator[PathProblem]:
    for keyword, reference in references.references(index.subschemas[path]):
        if reference.partition("#")[0] in DRAFTS:
            continue  # a meta-schema, which is known without a net
        if index.leaves(path, reference):
            sentence = _(
                "The reference “{name}” leads out of the file; write what it means below $defs.", name=reference
            )
            yield (*path, keyword), sentence
        elif index.target(path, keyword) is None:
            sentence = _("The reference “{name}” leads nowhere: there is nothing of that name.", name=reference)
            yield (*path, keyword), sentence
