"""Templates in values: what `{{ … }}` becomes."""

from smartspec.domain.definition.evaluation import Names, evaluate
from smartspec.domain.definition.expressions import parse_condition
from smartspec.domain.definition.json_values import to_text
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import Json, dump
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import _


def render(value: Json, names: Names) -> Json:
    """The value with every template in it evaluated; a whole expression keeps its type.

    Raises TemplateError for an expression that cannot be read, or gives nothing.
    """
    if isinstance(value, str):
        return evaluate(value, names) if "{{" in value else value
    if isinstance(value, list):
        return [render(each, names) for each in value]
    if isinstance(value, dict):
        return {key: render(each, names) for key, each in value.items()}
    return value


def render_text(value: Json, names: Names) -> str:
    """The value as text, as `env` and argv want it. Raises TemplateError as `render`, and for a NUL character."""
    text = to_text(render(value, names))
    if "\0" in text:
        raise TemplateError(_("The text holds a NUL character, which no process can be given."))
    return text


def truth(condition: str | bool, names: Names) -> bool:
    """What an `if`, `condition` or `until` says. Raises TemplateError where it is not true or false."""
    if isinstance(condition, bool):
        return condition
    parse_condition(condition)
    value = evaluate(condition.strip() if "{{" in condition else "{{ " + condition + " }}", names)
    if not isinstance(value, bool):
        raise TemplateError(_("It must give true or false, not {value}.", value=_shown(value)))
    return value


def items(value: Json, names: Names) -> list[Json]:
    """The list that a `with_items` gives. Raises TemplateError for what is no list, too long or cannot be kept."""
    given = render(value, names)
    if not isinstance(given, list):
        raise TemplateError(_("with_items must give a list, not {value}.", value=_shown(given)))
    if len(given) > 100_000:
        raise TemplateError(_("with_items gives {n} items; at most 100,000 are allowed.", n=format_number(len(given))))
    try:
        dump(given)
    except Invalid as error:
        raise TemplateError(_("The items cannot be kept: {why}", why=error)) from error
    return given


def _shown(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _("the text “{text}”", text=value[:60])
    if isinstance(value, dict | list):
        return _("a mapping") if isinstance(value, dict) else _("a list")
    return _("the value {value}", value=to_text(value))
