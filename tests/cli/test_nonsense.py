"""Nonsense thrown at every command: each time a sentence and an exit code, never a report of a bug."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from smartspec.cli.main import main
from smartspec.cli.main import smartspec as front_door
from smartspec.commands import database, registry
from smartspec.compat import smartspec_pro
from smartspec.domain.jsontext import Json
from tests.conftest import Said

Terminal = Callable[..., Said]
WORDS = [
    "", " ", "nope", "..", "#", "w#0", "w#99999999999999999999", "w.w.w", "0" * 400, "x" * 70_000, "日本", "\udcff", "{", "[1]", '{"a": NaN}', "1e400", "9" * 5_000,
    "@/nonexistent", "@/", "@/dev/null", "/", "/dev/null", "nope.yaml", "a=b", "'; DROP TABLE workflows; --", "%s{}", "\x1b[31m", "٣",
]  # fmt: skip
FOR_OPTIONS = ["", "nope", "9" * 400, "9" * 5_000, "\udcff", "{", "@/", "/", "1e400", "x" * 70_000]
NUMBERS = ["-1", "0", "9" * 400, "1.5", "nan", ""]
KNOWN = {0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 65, 78, 126, 127, 130}
# What starts a runner that stays, and what runs a sample on this whole checkout.
NOT_HERE = {"runner install", "demo"}


def every_command() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(front_door)
    for name in front_door.list_commands(context):
        each = front_door.get_command(context, name)
        assert each is not None
        inner = each.commands if isinstance(each, click.Group) else {"": each}
        found |= {f"{name} {sub}".strip(): command for sub, command in inner.items()}
    return {name: command for name, command in found.items() if name not in NOT_HERE}


COMMANDS = every_command()


@pytest.fixture
def prepared(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A ledger in which a workflow has run, an empty standard input, and a folder to lose files in."""
    (tmp_path / "w.yaml").write_text(
        "smartspec: 1\nname: w\nconfig: {token: {type: secret}}\ntasks: {a: {run: 'true'}}\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", "long enough")
    assert terminal("run", "w.yaml").code == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    yield terminal
    database.close_database()


def judge(said: Said, arguments: list[str], home: Path) -> None:
    shown = [word if len(word) < 100 else f"{word[:20]}… ({len(word)})" for word in arguments]
    reports = [report.read_text() for report in home.glob("data/reports/*")]
    assert said.code in KNOWN and not reports, (shown, said.code, reports)
    assert "Traceback" not in said.err + said.out, shown
    assert said.code in (0, 1) or said.err or said.out, (shown, said)
    assert len(said.err) < 20_000, shown


def required(command: click.Command, value: str) -> list[str]:
    """Every argument of it as this value; what would look like an option stands behind --."""
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    return ["--", *([value] * len(arguments))] if arguments else []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_may_be_nonsense(name: str, prepared: Terminal, home: Path) -> None:
    command = COMMANDS[name]
    if not any(isinstance(each, click.Argument) for each in command.params):
        pytest.skip("takes none")
    for word in WORDS:
        arguments = [*name.split(), *required(command, word)]
        judge(prepared(*arguments), arguments, home)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_may_be_nonsense(name: str, prepared: Terminal, home: Path) -> None:
    command = COMMANDS[name]
    for option in command.params:
        if not isinstance(option, click.Option) or option.is_flag or option.name in ("help",):
            continue
        if option.opts[-1] in ("--db", "--workspace") and name not in ("list", "record", "db log"):
            continue  # all commands share them
        is_number = isinstance(option.type, click.types.IntParamType | click.types.FloatParamType)
        for word in NUMBERS if is_number else FOR_OPTIONS:
            if f"{option.opts[0]}" == "--db" and word in ("", "nope"):
                continue  # names of files that can be made
            arguments = [*name.split(), f"{option.opts[-1]}={word}" if option.opts[-1].startswith("--") else f"{option.opts[-1]}{word}", *required(command, "w")]  # fmt: skip
            judge(prepared(*arguments), arguments, home)


@pytest.mark.parametrize("verb", [*registry.commands(), *smartspec_pro.NAMES])
def test_every_verb_may_be_called_with_nonsense(verb: str, prepared: Terminal, home: Path) -> None:
    """By the names of its own arguments, with values of every kind."""
    from inspect import signature

    names = (
        [*signature(registry.commands()[verb]).parameters]
        if verb in registry.commands()
        else ["id", "req", "filter", "workflow_id", "key"]
    )
    values: tuple[Json, ...] = (
        None,
        "",
        "nope",
        -1,
        10**400,
        1.5,
        True,
        [],
        [[]],
        {},
        {"a": {"b": []}},
        "x" * 70_000,
        "a\0b",
        "\ud800",
    )
    for value in values:
        for payload in (dict.fromkeys(names, value), *({name: value} for name in names)):
            arguments = ["call", verb, json.dumps(payload)]
            judge(prepared(*arguments), arguments, home)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "nope",
        "[]",
        "null",
        "{",
        '{"a": 1e999}',
        '{"a": NaN}',
        "[" * 100_000,
        "9" * 5_000,
        '"\\ud800"',
        '{"": 1}',
        "@/",
        "@nope",
    ],
)
def test_a_payload_may_be_nonsense(payload: str, prepared: Terminal, home: Path) -> None:
    for verb in ("create_workflow", "list_executions_db", "nope", ""):
        arguments = ["call", verb, payload]
        judge(prepared(*arguments), arguments, home)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--nope",
        "--json",
        "--db",
        "--workspace",
        "-p",
        "\udcff",
        "\0",
        "run",
        "config",
        "db",
        "db \udcff",
        "history --since",
        "--json --json list",
        "list -- --json",
    ],
)
def test_a_line_may_be_nonsense(line: str, prepared: Terminal, home: Path) -> None:
    judge(prepared(*line.split(" ")), [line], home)


def test_control_a_bug_is_seen_by_this(prepared: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartspec.commands import workflows

    monkeypatch.setattr(workflows, "get_workflow", lambda *_: 1 / 0)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        judge(prepared("show", "w"), ["show", "w"], home)
    assert main(["list"]) == 0
