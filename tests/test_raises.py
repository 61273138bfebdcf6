"""What may leave a public function is said in its docstring: `Raises`, and which class."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

from smartspec import errors
from tests.source import each_module, tree_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BUGS = frozenset(
    {
        "BaseException",
        "Exception",
        "NotImplementedError",
        "AssertionError",
        "KeyboardInterrupt",
        "SystemExit",
        "StopIteration",
    }
)
_SHOWN = frozenset({"command", "group"})  # what these declare has its docstring shown to people as its help


def ancestors(name: str) -> frozenset[str]:
    """The names of a class of errors and of all that it is one of; of one that is not known, its own."""
    known = getattr(errors, name, None) or getattr(builtins, name, None)
    if isinstance(known, type):
        return frozenset(each.__name__ for each in known.__mro__) - {"object"}
    return frozenset({name, "Exception", "BaseException"})


def named(node: ast.expr | None) -> list[str]:
    """The classes that a `raise` or an `except` names; of `raise unwritable(path)` the function."""
    if isinstance(node, ast.Call):
        return named(node.func)
    if isinstance(node, ast.Tuple):
        return [name for each in node.elts for name in named(each)]
    if isinstance(node, ast.BinOp):  # isinstance's way to write several
        return [*named(node.left), *named(node.right)]
    return [node.id] if isinstance(node, ast.Name) else [node.attr] if isinstance(node, ast.Attribute) else []


def leaving(body: list[ast.stmt], caught: tuple[str, ...] = ()) -> Iterator[str]:
    """The classes that statements raise and do not catch themselves; `caught` is what a bare `raise` raises again."""
    for each in body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(each, ast.Raise):
            yield from (
                named(each.exc) if isinstance(each.exc, ast.Call | ast.Attribute) or is_class(each.exc) else caught
            )
        elif isinstance(each, ast.Try):
            handled = {name for handler in each.handlers for name in (named(handler.type) or ["BaseException"])}
            yield from (name for name in leaving(each.body, caught) if not ancestors(name) & handled)
            for handler in each.handlers:
                yield from leaving(handler.body, tuple(named(handler.type)))
            yield from leaving([*each.orelse, *each.finalbody], caught)
        else:
            for field in ("body", "orelse"):
                yield from leaving(getattr(each, field, []), caught)
            for case in getattr(each, "cases", []):
                yield from leaving(case.body, caught)


def is_class(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Name) and node.id[:1].isupper()


def functions(tree: ast.Module) -> Iterator[tuple[Function, str]]:
    """The public ones of a module and of its public classes, with what their docstrings say."""
    for each in tree.body:
        if isinstance(each, Function) and not each.name.startswith("_"):
            yield each, ast.get_docstring(each) or ""
        elif isinstance(each, ast.ClassDef) and not each.name.startswith("_"):
            for inner in each.body:
                if isinstance(inner, Function) and (not inner.name.startswith("_") or inner.name == "__init__"):
                    of_class = ast.get_docstring(each) or "" if inner.name == "__init__" else ""
                    yield inner, f"{ast.get_docstring(inner) or ''} {of_class}"


def is_shown(function: Function) -> bool:
    return any(name in _SHOWN for each in function.decorator_list for name in named(each))


def unsaid(tree: ast.Module) -> Iterator[str]:
    """`12 name: Invalid`, for each function that does not say what it raises."""
    for function, told in functions(tree):
        if is_shown(function):
            continue
        said = set(re.findall(r"\w+", told.partition("Raises")[2]))
        for name in sorted(set(leaving(function.body)) - _BUGS):
            is_said = bool(said) if name.lstrip("_")[:1].islower() else bool(ancestors(name) & said)
            if not is_said:
                yield f"{function.lineno} {function.name}: {name}"


@each_module
def test_a_public_function_says_what_it_raises(file: Path) -> None:
    assert list(unsaid(tree_of(file))) == []


def test_negative_control_what_is_not_said_is_found() -> None:
    code = """
def silent(): raise Invalid("x")
def says(): "Raises Invalid."; raise Invalid("x")
def says_more(): "Raises SmartSpecError."; raise Invalid("x")
def says_another(): "Raises Conflict."; raise Invalid("x")
def catches():
    try: raise Invalid("x")
    except SmartSpecError: pass
def raises_again():
    try: work()
    except (OSError, ValueError): raise
def by_a_function(): raise unwritable("x")
def only_inside():
    def inner(): raise Invalid("x")
def a_bug(): raise NotImplementedError
def _private(): raise Invalid("x")
@command("x")
def shown(): raise Invalid("x")
class Public:
    def __init__(self): raise RunError("x")
    def method(self):
        for each in self:
            if each: raise NotFound("x")
"""
    assert list(unsaid(ast.parse(code))) == [
        "2 silent: Invalid", "5 says_another: Invalid", "9 raises_again: OSError", "9 raises_again: ValueError",
        "12 by_a_function: unwritable", "20 __init__: RunError", "21 method: NotFound",
    ]  # fmt: skip
