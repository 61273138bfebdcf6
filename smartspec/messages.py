"""Texts with their values, kept apart until they are shown: English in what is stored, a person's language on screen.

Below the front ends `_`, `_n` and `_p` make Messages; what shows one asks `translate` for it. A front end's own texts
are shown at once: `tr`, `trn` and `trp`. `docs/messages.md` says how to write one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_END_OF_CONTEXT = "\x04"  # between a context and a text, as gettext's catalogues have it


class Catalogue(Protocol):
    """Where the texts of another language are found: gettext's translations, or what behaves as they do."""

    def gettext(self, message: str, /) -> str: ...
    def ngettext(self, one: str, many: str, n: int, /) -> str: ...


_catalogue: Catalogue | None = None  # the one in use; none for English


class Message(str):
    """A text in English, as everything but a screen takes it, that knows its template and values for `translate`.

    Values are texts, Messages too; in a template `{name}` stands for one. What looks so in a value, or is no value's
    name, stays as it is. `context` tells two meanings of one English word apart.
    """

    __slots__ = ("context", "number", "plural", "template", "values")
    template: str
    plural: str
    number: int
    context: str
    values: Mapping[str, str]

    def __new__(
        cls,
        template: str,
        values: Mapping[str, str] | None = None,
        plural: str = "",
        number: int = 1,
        context: str = "",
    ) -> Message:
        made = super().__new__(cls, _filled(plural if plural and number != 1 else template, values))
        made.template, made.plural, made.number, made.context = template, plural, number, context
        made.values = values or {}
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return Message, (self.template, self.values, self.plural, self.number, self.context)


def template_of(text: str) -> str:
    """With the names of its values in braces, where it knows them; else the text."""
    return text.template if isinstance(text, Message) else text


def _(template: str, /, **values: object) -> Message:
    """A text to be shown later, where and in whatever language that will be."""
    return Message(template, _kept(values))


def _n(one: str, many: str, n: int, /, **values: object) -> Message:
    """The same of a number of things, which is the value `n`: `_n("{n} task", "{n} tasks", count)`."""
    return Message(one, {**_kept(values), "n": f"{n:,}"}, many, n)


def _p(context: str, template: str, /, **values: object) -> Message:
    """The same of a text that has several meanings: `context` says which one, to who translates."""
    return Message(template, _kept(values), context=context)


def N_(template: str, /) -> str:
    """Marks a template that `_` or `tr` is handed elsewhere."""
    return template


def translate(text: str, /) -> str:
    """A text as it is shown now; what is no Message (a name, words of somebody else) stays as it is."""
    if not isinstance(text, Message) or _catalogue is None:
        return str(text)
    return _filled(_found(text.template, text.plural, text.number, text.context), _shown(text.values))


def tr(template: str, /, **values: object) -> str:
    """A front end's own text, as it is shown now; its values may be Messages."""
    return _filled(_found(template), _shown(_kept(values)))


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """The same of a number of things, which is the value `n`."""
    return _filled(_found(one, many, n), {**_shown(_kept(values)), "n": f"{n:,}"})


def trp(context: str, template: str, /, **values: object) -> str:
    """The same of a text that has several meanings: `context` says which one."""
    return _filled(_found(template, context=context), _shown(_kept(values)))


def join(separator: str, parts: Iterable[str]) -> Message:
    """Texts, Messages among them, with a separator between them."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Message("{separator}".join(f"{{{name}}}" for name in values), {**values, "separator": separator})


def listed(parts: Iterable[str]) -> Message:
    """`a, b, c`."""
    return join(_p("between the things of a list", ", "), parts)


def sentences(parts: Iterable[str]) -> Message:
    """One sentence after another."""
    return join(_p("between two sentences", " "), parts)


def clauses(parts: Iterable[str]) -> Message:
    """`a; b; c`, in one sentence."""
    return join(_p("between two clauses", "; "), parts)


def pack(text: str) -> Any:
    """A text as JSON, for a pipe; a Message keeps its template and values. `unpack` reads it."""
    if not isinstance(text, Message):
        return str(text)
    values = {name: pack(value) for name, value in text.values.items()}
    return [text.template, values, text.plural, text.number, text.context]


def unpack(packed: Any) -> str:
    """What `pack` was given."""
    if isinstance(packed, str):
        return packed
    template, values, plural, number, context = packed
    return Message(template, {name: unpack(value) for name, value in values.items()}, plural, number, context)


def use_catalogue(catalogue: Catalogue | None) -> None:
    """From now on texts are shown out of this one; none is English."""
    global _catalogue
    _catalogue = catalogue


def is_english() -> bool:
    """Whether texts are shown as they are written."""
    return _catalogue is None


def _found(template: str, plural: str = "", count: int = 1, context: str = "") -> str:
    if _catalogue is None or not template:  # gettext answers to no text with the catalogue's head
        return plural if plural and count != 1 else template
    key = f"{context}{_END_OF_CONTEXT}{template}" if context else template
    found = _catalogue.ngettext(key, plural, count) if plural else _catalogue.gettext(key)
    return found.rpartition(_END_OF_CONTEXT)[2] if context else found


def _filled(template: str, values: Mapping[str, str] | None) -> str:
    """In one pass: a value is never a template."""
    if not values:
        return template
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def _kept(values: Mapping[str, object]) -> dict[str, str]:
    """As texts, at once: what they were made of may change, or not go through a pipe."""
    return {name: value if isinstance(value, Message) else _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    """An error that has a Message is said by it."""
    if isinstance(value, BaseException) and value.args and isinstance(value.args[0], Message):
        return value.args[0]
    return str(value)


def _shown(values: Mapping[str, str]) -> dict[str, str]:
    return {name: translate(value) for name, value in values.items()}
