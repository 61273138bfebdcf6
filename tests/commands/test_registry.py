"""Commands register where they stand, and nobody pays for those that are not used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from smartspec.commands import registry
from tests.conftest import ROOT

OF_RUNNERS = {f"smartspec.commands.{name}" for name in ("runs", "runners", "sub_executions")}
LISTS = """
import sys
sys.argv = ["smartspec", "list"]
from smartspec.__main__ import main
try:
    main()
finally:
    from smartspec.commands import registry
    print(registry.commands.cache_info().misses, *sys.modules, sep="\\n")
"""


def test_each_command_stands_in_a_module_of_verbs_and_no_runners_verb_is_one() -> None:
    modules = {each.__module__ for each in registry.commands().values()}
    assert all(each.startswith("smartspec.commands.") for each in modules) and modules.isdisjoint(OF_RUNNERS)
    assert {"create_workflow_from", "start_execution", "rebuild_metrics", "begin_task"} <= {*registry.commands()}
    assert {"claim_execution", "load_run", "plan_child"}.isdisjoint(registry.commands())


def test_each_command_says_what_it_does() -> None:
    silent = [name for name, each in registry.commands().items() if (each.__doc__ or "Raises").startswith("Raises")]
    assert silent == []


def test_two_commands_of_one_name_are_refused() -> None:
    def start_execution() -> None: ...

    registry.commands()
    with pytest.raises(AssertionError, match="two commands start_execution"):
        registry.command(start_execution)


def test_a_command_of_the_terminal_imports_its_own_verbs_alone(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LISTS], cwd=ROOT, capture_output=True, text=True)
    imported = done.stdout.splitlines()
    assert "smartspec.commands.workflows" in imported, done.stderr
    assert "0" in imported, "all modules of verbs were imported"
    assert {"smartspec.commands.importing", "smartspec.commands.argument_binding"}.isdisjoint(imported)
