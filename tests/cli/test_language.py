"""The terminal in another language: every letter of it that is the program's own is another one."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import click
import pytest

from smartspec.cli.main import smartspec as front_door
from smartspec.domain.settings import SETTINGS
from smartspec.languages import VARIABLE
from tests.conftest import Said
from tests.pseudo import untranslated

Terminal = Callable[..., Said]
# What is typed, and the words that are the same in every language: names, keys, paths, codes, formats
NAMES = (
    "smartspec",
    "home",
    "data",
    "db",
    "demo",
    "copy",
    "fail",
    "input",
    "echo",
    "made",
    "exit",
    "sh",
    "test",
    "yaml",
)
_COMMAND = re.compile(r"`[^`]*`|--?[a-z][a-z-]*|smartspec [a-z].*|“[^”]*”|'[^']*'|/\S+|\b[0-9a-f]{8}-[0-9a-f-]+\b")
KEYS = ("default", "Default", "exit 3", "task: fail", "wal", "manual", "cli", "runner", getpass.getuser())
STORED = ("Task “fail” failed: The command ended with exit code 3.", "The command ended with exit code 3.")
SYSTEM = ("no such file or directory",)
WORKFLOW = """\
smartspec: 1
name: demo
tasks:
  copy:
    run: echo made
  fail:
    run: exit 3
    needs: [copy]
"""


def plain_words(text: str, *allowed: str) -> list[str]:
    """Those that went through no catalogue; what is quoted or typed as it stands is none of them."""
    for stored in (*STORED, *SYSTEM):
        text = text.replace(stored, "")
    return untranslated(_COMMAND.sub(" ", text), [*NAMES, *allowed])


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of the terminal, by the words it is typed with."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(cast("click.Command", command.get_command(context, name)), (*path, name))


ALL = dict(commands(front_door))


def typed_words(command: click.Command) -> Iterator[str]:
    """What stands in a command's help as it is typed: names of parameters, values, formats."""
    context = click.Context(command)
    yield "x"  # 1<=x<=10
    for each in command.get_params(context):
        yield from re.findall("[A-Za-z]+", each.make_metavar(context))
        yield from re.findall("[A-Za-z]+", str(each.default or ""))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from name.split("-")


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_help_of_a_command(path: tuple[str, ...], terminal: Terminal) -> None:
    said = terminal(*path, "--help")
    head, *paragraphs = said.out.split("\n\n")
    shown = "\n\n".join(
        each for each in paragraphs if "\n    smartspec" not in each
    )  # examples are typed as they stand
    assert said.code == 0
    assert (
        plain_words(head.replace("[OPTIONS]", "").replace("COMMAND [ARGS]", ""), *path, *typed_words(ALL[path])) == []
    )
    assert plain_words(shown, *typed_words(ALL[path])) == []


@pytest.fixture
def ran(terminal: Terminal, file: Callable[[str, str], Path]) -> Path:
    """A workflow that was run, and failed."""
    path = file("demo.yaml", WORKFLOW)
    assert terminal("run", str(path)).code == 10
    return path


@pytest.mark.usefixtures("pseudo", "ran")
@pytest.mark.parametrize(
    "words",
    [
        ["list"], ["list", "--trash"], ["show", "demo"], ["history"], ["history", "--count"], ["history", "nothing"],
        ["execution", "demo"], ["tasks", "demo"], ["waiting"], ["timed-out"], ["versions", "demo"],
        ["diff", "demo", "1", "1"], ["config", "list", "demo"], ["config", "list", "demo", "--history"],
        ["metrics"], ["metrics", "demo"], ["metrics", "demo", "--tasks"], ["metrics", "--alerts"], ["workspace", "list"],
        ["db", "health"], ["db", "version"], ["db", "check"], ["db", "backups"], ["db", "backup"], ["db", "log"],
        ["db", "optimize"], ["stats"], ["pin", "demo"], ["pin", "demo", "--off"], ["note", "demo", "input"],
        ["note", "demo"], ["rename", "demo", "demo"], ["deactivate", "demo"], ["new", "input"],
        ["delete", "demo"], ["rerun", "demo"], ["logs", "demo"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_a_command_prints(words: list[str], terminal: Terminal) -> None:
    said = terminal(*words)
    assert said.code in (0, 10), said.err
    assert plain_words(said.out + said.err, *KEYS) == []


@pytest.mark.usefixtures("pseudo")
def test_a_run_with_its_output_and_its_end(terminal: Terminal, file: Callable[[str, str], Path]) -> None:
    said = terminal("run", str(file("demo.yaml", WORKFLOW)))
    assert said.code == 10
    assert "ƒáíĺéď" in said.out
    assert plain_words(said.out.replace("copy | made", "") + said.err, *KEYS) == []


@pytest.mark.usefixtures("pseudo")
def test_what_differs_between_two_executions(ran: Path, terminal: Terminal) -> None:
    terminal("run", str(ran))
    said = terminal("compare", "demo#1", "demo#2", "--all")
    assert said.code == 0
    assert plain_words(said.out, *KEYS, "PYTEST_CURRENT_TEST") == []


@pytest.mark.usefixtures("pseudo")
def test_the_settings(terminal: Terminal) -> None:
    keys = [word for key in SETTINGS for word in (key, *re.split(r"[._]", key))]
    values = [str(spec.default) for spec in SETTINGS.values()]
    assert (
        plain_words(
            terminal("settings", "get").out,
            *keys,
            *values,
            "PATH",
            "python",
            "json",
            "mon",
            VARIABLE,
            *VARIABLE.split("_"),
        )
        == []
    )


@pytest.mark.usefixtures("pseudo")
def test_the_errors_of_a_file(terminal: Terminal, file: Callable[[str, str], Path]) -> None:
    said = terminal("check", str(file("demo.yaml", "smartspec: 1\nname: demo\ntasks:\n  copy:\n    rum: x\n")))
    assert said.code == 2
    assert "éŕŕőŕ" in said.out


@pytest.mark.usefixtures("pseudo", "ran")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["history", "--limit", "x"], 2), (["history", "--limit", "0"], 2), (["history", "--nothing"], 2),
        (["history", "--limti", "3"], 2), (["history", "--limit"], 2), (["run"], 2), (["nothing"], 2), (["hisotry"], 2),
        (["list", "input"], 2), (["db"], 2), (["db", "nothing"], 2), (["history", "--trigger", "x"], 2),
        (["config", "set", "demo", "input"], 2), (["config", "unset", "demo"], 2),
        (["run", "demo", "--name", "x"], 2), (["run", "demo", "--input", "3"], 2), (["execution", "a", "b"], 2),
        (["run", "demo", "-p", "input"], 2), (["run", "demo", "--input", "@nowhere"], 4),
        (["history", "--since", "x"], 2), (["show", "nothing"], 4), (["execution", "nothing"], 4), (["resume", "demo"], 5),
        (["import", "nowhere"], 2), (["config", "get", "demo", "nothing"], 4), (["rollback", "demo", "9"], 4),
        (["replay", "nothing"], 4), (["compare", "nothing"], 4), (["confirm", "demo", "copy"], 5),
        (["settings", "get", "nothing"], 2), (["workspace", "remove", "nothing"], 4), (["call", "nothing"], 2),
        (["db", "restore", "nothing"], 4), (["screenshot", "list", "input", "--size", "x"], 2),
        (["open"], 5), (["record", "--", "./nowhere"], 127),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)  # fmt: skip
def test_an_error(words: list[str], code: int, terminal: Terminal) -> None:
    said = terminal(*words)
    assert said.code == code, said.err
    shown = re.sub(r"\[OPTIONS\]|COMMAND \[ARGS\]|\[SEARCH\]", "", said.err)
    assert plain_words(shown, *words, "nowhere", *KEYS, *typed_words(ALL[("db",)]), "REF", "FILE", "KEY", "VALUE") == []


def test_json_is_english_in_every_language(terminal: Terminal, ran: Path, pseudo: None) -> None:
    assert terminal("execution", "demo", "--json").out.count('"status": "failed"') == 2


def test_negative_control_english_is_found(terminal: Terminal, ran: Path) -> None:
    assert "failed" in plain_words(terminal("history").out)
    assert "Options" in plain_words(terminal("history", "--help").out)
    assert "Error" in plain_words(terminal("history", "--nothing").err)
