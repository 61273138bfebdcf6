"""`python3 packaging docs`: the lists of `docs/commands.md`, made anew from what the program declares.

What stands between `<!-- made: NAME -->` and `<!-- end -->` is made here; the rest of the page is written by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import click

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from smartspec.cli.main import smartspec  # noqa: E402
from smartspec.commands import registry  # noqa: E402

PAGE = ROOT / "docs" / "commands.md"
_EVERYWHERE = frozenset({"--json", "--workspace", "--db", "--help"})  # told once, above the list
_EXAMPLES = re.compile(r"^Examples?:\n", re.MULTILINE)
_MADE = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page(text: str) -> str:
    """The page with its lists as they are today."""
    return _MADE.sub(lambda found: f"{found[1]}\n{_LISTS[found[2]]()}\n{found[3]}", text)


def terminal_commands() -> Iterator[tuple[click.Context, click.Command]]:
    """Every command of the terminal but the groups that do nothing alone, each in its context."""
    return _below(click.Context(smartspec, info_name="smartspec"), smartspec)


def _below(context: click.Context, command: click.Command) -> Iterator[tuple[click.Context, click.Command]]:
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield context, command
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from _below(click.Context(inner, info_name=name, parent=context), inner)


def _terminal() -> str:
    return "\n".join(_command(context, command) for context, command in terminal_commands())


def _command(context: click.Context, command: click.Command) -> str:
    told, *examples = _EXAMPLES.split(inspect.cleandoc(command.help or ""))
    pieces = [] if isinstance(command, click.Group) else command.collect_usage_pieces(context)  # those are told below
    usage = " ".join(each for each in pieces if each != "[OPTIONS]")
    lines = [f"### `{f'{context.command_path} {usage}'.strip()}`", "", _as_text(told), ""]
    if examples:
        lines += ["```sh", inspect.cleandoc("\n" + examples[0]), "```", ""]
    options = [each for each in command.get_params(context) if not _EVERYWHERE & set(each.opts)]
    records = [(each.param_type_name, each.get_help_record(context)) for each in options]
    lines += [_option(*record) for kind, record in records if record and (kind == "option" or record[1])]
    return "\n".join(lines).rstrip() + "\n"


def _as_text(told: str) -> str:
    """What click rewraps, on one line a paragraph."""
    paragraphs = told.replace("\b", "").strip().split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


def _option(name: str, told: str) -> str:
    return f"- `{name}`: {told}" if told else f"- `{name}`"


def _registry() -> str:
    lines = ["| command | what it takes | what it does |", "|---|---|---|"]
    for name, command in registry.commands().items():
        told = inspect.cleandoc(command.__doc__ or "").split("\n\n")[0]
        lines.append(f"| `{name}` | {_arguments(command)} | {_in_a_cell(told)} |")
    return "\n".join(lines) + "\n"


def _arguments(command: Callable[..., Any]) -> str:
    hints = get_type_hints(command)
    taken = [
        _argument(each)
        for each in inspect.signature(command).parameters.values()
        if (each.name != "workspace" or each.default is each.empty)  # where it may be left out it is told once, above
        and get_origin(hints.get(each.name)) is not Callable  # for programs alone
    ]
    return f"`{', '.join(taken)}`" if taken else ""


def _argument(parameter: inspect.Parameter) -> str:
    if parameter.kind is parameter.VAR_KEYWORD:
        return f"…{parameter.name}"
    if parameter.default is parameter.empty:
        return parameter.name
    return f"{parameter.name}?" if parameter.default is None else f"{parameter.name}={_shown(parameter.default)}"


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


_LISTS = {"terminal": _terminal, "registry": _registry}

if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
