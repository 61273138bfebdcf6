"""What a machine can check about the code as a whole."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeGuard

import grimp
import pytest

from smartspec import errors
from smartspec.domain.event import EventType
from tests.conftest import ROOT, SLOWEST
from tests.source import MODULES, each_module, tree_of


def text_of_all(folder: str) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / folder).rglob("*.py")))


def error_classes() -> list[type[errors.SmartSpecError]]:
    return [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.SmartSpecError)
    ]


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.__name__)
def test_every_error_class_is_raised_in_the_code_and_by_a_test(kind: type[errors.SmartSpecError]) -> None:
    if kind.__subclasses__() and kind not in (errors.Invalid, errors.NotFound, errors.Conflict):
        return  # a branch of the tree, never raised itself
    code, tests = text_of_all("smartspec"), text_of_all("tests")
    name = kind.__name__
    assert re.search(rf"\b{name}\(|\(errors\.{name},|raise \w+\({name}", code), "raised nowhere"
    assert name in tests, "no test asks for it"


@pytest.mark.parametrize("kind", EventType)
def test_every_kind_of_event_is_written_somewhere(kind: EventType) -> None:
    code = text_of_all("smartspec").replace("class EventType", "")
    by_name = f"EventType.{kind.name}" in code
    by_status = re.fullmatch(r"(execution|task)_(completed|failed|timeout|cancelled|skipped|interrupted)", kind.value)
    assert by_name or by_status or kind is EventType.DATABASE_MIGRATED


@each_module
def test_every_module_opens_with_one_sentence(file: Path) -> None:
    told = ast.get_docstring(tree_of(file))
    assert told and told.split("\n")[0].endswith((".", ":"))


TESTS = sorted(
    file for file in (ROOT / "tests").rglob("*.py") if file.name != "clock.py" and "benchmarks" not in file.parts
)
_CLOCKS = frozenset({"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns"})
_DURATIONS = frozenset({"duration_ms", "running_ms", "cpu_ms"})


def times_judged(tree: ast.AST) -> list[int]:
    """The lines of assertions that look at a clock, or ask that something lasted less than a number."""
    found = []
    for each in ast.walk(tree):
        if not isinstance(each, ast.Assert):
            continue
        inner = list(ast.walk(each.test))
        looks = any(isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _CLOCKS for node in inner)
        compares = [node for node in inner if isinstance(node, ast.Compare)]
        limits = any(
            isinstance(operator, ast.Lt | ast.LtE) and isinstance(limit, ast.Constant) and _names_duration(compare)
            for compare in compares
            for operator, limit in zip(compare.ops, compare.comparators, strict=True)
        )
        if looks or limits:
            found.append(each.lineno)
    return found


def _names_duration(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr in _DURATIONS for each in ast.walk(node))


@pytest.mark.parametrize("file", TESTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_test_judges_a_time_but_through_the_clock_of_the_tests(file: Path) -> None:
    """A machine may be as slow as it likes: `tests.clock` bounds hanging, and judges figures in the full runs alone."""
    assert times_judged(tree_of(file)) == []


def test_negative_control_a_judged_time_is_found() -> None:
    text = "assert time.monotonic() - began < 5\nassert row.duration_ms < 700\nassert row.duration_ms >= 700\n"
    assert times_judged(ast.parse(text)) == [1, 2]


def test_nothing_reads_outside_the_project() -> None:
    for file in [*MODULES, *(ROOT / "packaging").rglob("*.py")]:
        assert '"../' not in file.read_text(encoding="utf-8"), file


def test_nothing_below_the_front_ends_is_imported_in_a_circle() -> None:
    """Not inside of a function either. The package itself opens its API late, and is asked for its version."""
    graph = grimp.build_graph("smartspec", cache_dir=None)
    rooms = tuple(f"smartspec.{name}." for name in ("domain", "store", "commands", "runner", "compat"))
    below = {module for module in graph.modules if f"{module}.".startswith(rooms)}
    assert len(below) > 150
    TopologicalSorter({each: graph.find_modules_directly_imported_by(each) & below for each in below}).prepare()


def test_the_files_that_come_first_are_there() -> None:
    assert [name for name in SLOWEST if not (ROOT / "tests" / name).is_file()] == []


def shadowed_modules(tree: ast.Module) -> list[str]:
    """`12 tokens`: the names that a function gives to something else than the module that is imported by them."""
    of_all = modules_of(tree.body)
    found = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            modules = of_all | modules_of(function.body)
            for node in ast.walk(function):
                name = node.arg if isinstance(node, ast.arg) else node.id if _is_bound(node) else ""
                if name in modules:
                    found.append(f"{getattr(node, 'lineno', 0)} {name}")
    return list(dict.fromkeys(found))


def modules_of(body: list[ast.stmt]) -> set[str]:
    """The names by which modules are imported in it."""
    return {
        each.asname or each.name.partition(".")[0]
        for node in body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
        if isinstance(node, ast.Import) or _is_module(f"{node.module}.{each.name}")
    }


def _is_bound(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@each_module
def test_no_name_hides_a_module(file: Path) -> None:
    """What a module is asked for further down would be asked of a list."""
    assert shadowed_modules(tree_of(file)) == []


def test_negative_control_a_hidden_module_is_found() -> None:
    code = """
import json
from smartspec.runner.process import tokens
from smartspec.errors import Invalid
def end(rows, json=None):
    tokens = [tokens.token_of(row) for row in rows]
    return [tokens for tokens in rows], Invalid
"""
    assert shadowed_modules(ast.parse(code)) == ["5 json", "6 tokens", "7 tokens"]


def test_the_tests_of_the_runner_stand_as_its_modules_do() -> None:
    folders = {each.name for each in (ROOT / "smartspec" / "runner").iterdir() if (each / "__init__.py").exists()}
    tested = {each.name for each in (ROOT / "tests" / "runner").iterdir() if list(each.glob("test_*.py"))}
    assert tested <= folders, "a folder of tests without one of the code"
    assert folders - tested == {"record"}, "it is tested by the terminal's command"


def test_a_context_of_keys_is_set_where_it_holds() -> None:
    """Handed over beside a callable, PySide passes over it: the keys of two fields clash, and do nothing."""
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QShortcut":
                assert not any(each.arg == "context" for each in node.keywords), f"{module}:{node.lineno}"
