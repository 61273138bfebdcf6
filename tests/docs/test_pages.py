"""What README and docs say, held against what there is: links, command lines, names, keys, tables."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from smartspec import errors
from smartspec.cli.main import smartspec
from smartspec.commands import calling, registry
from smartspec.commands.argument_binding import bind_arguments
from smartspec.commands.database import open_database
from smartspec.compat import smartspec_pro
from smartspec.store import database
from tests.conftest import ROOT
from tests.docs import commands_page

DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *DOCS.rglob("*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *ROOT.glob(".github/**/*.md"),
    ]
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SHELLS = frozenset({"console", "sh"})


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """Without what is fenced, where brackets mean something else."""
    return _FENCE.sub("", text_of(page))


def heading_ids(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made where such pages are shown."""
    headings = re.findall(r"^#+ (.*)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose_of(page)):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in heading_ids(target), link


def test_every_page_is_linked_from_the_first_ones() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in (ROOT / "README.md", DOCS / "README.md")
        for link in _LINK.findall(prose_of(page))
    }
    assert [name_of(page) for page in DOCS.rglob("*.md") if page not in linked and page != DOCS / "README.md"] == []


def command_lines(text: str) -> Iterator[str]:
    """What a page shows to be typed that begins with `smartspec`: in shells' blocks, and between backticks."""
    for language, block in _FENCE.findall(text):
        if language in _SHELLS:
            yield from (line for each in block.replace("\\\n", " ").splitlines() if (line := _typed(each)))
    inline = re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))
    yield from (line for each in inline if (line := _typed(each)) and line != "smartspec")


def _typed(line: str) -> str:
    """The part from `smartspec` on; empty where the line is another program's."""
    found = re.match(r"(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\S*/)?(smartspec(?: .*)?)$", line.strip())
    return found[1] if found else ""


def words_of(line: str) -> list[str]:
    """As a shell takes them, without its comment, redirection and what follows."""
    words = shlex.split(line, comments=True)
    stops = [index for index, word in enumerate(words) if word in (">", "|", "&&", ">>")]
    return words[1 : stops[0] if stops else None]


def parse(words: list[str]) -> None:
    """Raises what click raises for a command or an option that there is not."""
    command: click.Command = smartspec
    context = click.Context(command, info_name="smartspec")
    while isinstance(command, click.Group):
        _, words, _ = command.make_parser(context).parse_args(list(words))
        if not words:
            return
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        context, command = click.Context(found, info_name=name, parent=context), found
    command.make_parser(context).parse_args(list(words))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_line_can_be_typed(page: Path) -> None:
    for line in command_lines(text_of(page)):
        try:
            parse(words_of(line))
        except click.ClickException as error:
            pytest.fail(f"{line}: {error.format_message()}")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_call_that_is_shown_is_one(page: Path) -> None:
    calls = [words[1:] for line in command_lines(text_of(page)) if (words := words_of(line))[:1] == ["call"]]
    for name, *payload in filter(None, calls):
        if name.isupper():  # a placeholder
            continue
        assert name in {*registry.commands(), *smartspec_pro.NAMES}
        if name in registry.commands() and payload and not payload[0].startswith("@"):
            bind_arguments(registry.commands()[name], json.loads(payload[0]))


@pytest.mark.parametrize("line", ["smartspec nothing", "smartspec run x --nothing", "smartspec db nothing"])
def test_negative_control_what_there_is_not_is_found(line: str) -> None:
    assert list(command_lines(f"```console\n$ {line}  # and more\n```\n")) == [f"{line}  # and more"]
    with pytest.raises(click.ClickException):
        parse(words_of(line))


def test_the_lists_of_commands_are_as_the_program_is() -> None:
    text = text_of(commands_page.PAGE)
    assert commands_page.page(text) == text, "`python3 packaging docs` makes them anew"


_DOOR = re.compile(r"python3? packaging ([a-z][\w-]*)")
_CHORES = (ROOT / ".pre-commit-config.yaml", ROOT / ".github" / "workflows" / "test.yml")


def test_the_eighteen_are_listed() -> None:
    told = text_of(commands_page.PAGE).partition("## The 18 commands")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == smartspec_pro.NAMES


def test_every_door_of_packaging_that_is_named_is_there() -> None:
    tree = ast.parse((ROOT / "packaging" / "__main__.py").read_text(encoding="utf-8"))
    table = next(
        each for each in tree.body if isinstance(each, ast.AnnAssign) and ast.unparse(each.target) == "COMMANDS"
    )
    assert isinstance(table.value, ast.Dict)
    there = {key.value for key in table.value.keys if isinstance(key, ast.Constant)}
    for page in (*PAGES, *_CHORES):
        assert set(_DOOR.findall(text_of(page))) <= there, page
    assert there <= set(_DOOR.findall(text_of(ROOT / "CONTRIBUTING.md")))


@pytest.mark.parametrize("file", [*sorted(ROOT.glob(".github/**/*.yml")), _CHORES[0]], ids=name_of)
def test_what_other_machines_read_is_yaml(file: Path) -> None:
    assert isinstance(yaml.safe_load(text_of(file)), dict)


def test_every_check_of_the_test_command_stands_before_a_commit() -> None:
    hooks = [hook for repo in yaml.safe_load(text_of(_CHORES[0]))["repos"] for hook in repo["hooks"]]
    assert {hook["entry"] for hook in hooks} == {"python3 packaging check", "python3 packaging test"}
    assert {hook["language"] for hook in hooks} == {"system"}  # nothing is fetched


def test_every_error_has_its_exit_code_in_the_list() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|[^|]*\|(.*)\|$", text_of(DOCS / "commands.md"), re.MULTILINE)
    told = {name: codes.split(", ") for codes, names in rows for name in re.findall(r"`(\w+)`", names)}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.SmartSpecError):
            assert str(kind.exit_code) in told.get(kind.__name__, []), kind.__name__


def sections(text: str) -> dict[str, str]:
    """The text below each heading of the third rank that is a name in backticks."""
    parts = re.split(r"^### `(\w+)`.*$", text, flags=re.MULTILINE)
    return {name: body.partition("\n## ")[0] for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_every_table_view_and_column_is_named(tmp_path: Path) -> None:
    open_database(tmp_path / "new.db")
    told = sections(text_of(DOCS / "database.md"))
    there = {str(name) for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    ours = {name for name in there if not name.startswith(("sqlite_", "execution_search_"))}
    assert set(told) == ours
    for name in ours - {"execution_search"}:
        columns = {str(row[1]) for row in database.rows(f"PRAGMA table_info({name})")}
        assert columns <= set(re.findall(r"`(\w+)`", told[name])), name


def keys_of_the_file() -> set[str]:
    schema = json.loads((ROOT / "resources" / "schema" / "workflow.schema.json").read_text(encoding="utf-8"))
    keys = set(schema["properties"]) | {key for part in schema["$defs"].values() for key in part.get("properties", ())}
    return keys | {key for part in ("defaults", "handlers") for key in schema["properties"][part]["properties"]}


def test_every_key_of_the_workflow_file_is_explained() -> None:
    told = set(re.findall(r"`([\w]+)`", prose_of(DOCS / "file-format.md")))
    assert keys_of_the_file() <= told


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "file-format.md"], ids=name_of)
def test_every_workflow_that_is_shown_holds_up(page: Path) -> None:
    shown = [block for language, block in _FENCE.findall(text_of(page)) if language == "yaml"]
    assert shown
    for block in shown:
        answer = calling.call("check_definition", {"sources": [{"name": "shown", "text": block, "format": "yaml"}]})
        assert isinstance(answer, dict)
        assert answer["shown"] == []


def test_every_vector_stands_at_the_rule_that_it_tries() -> None:
    vectors = "".join(
        file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests" / "data").glob("semantics*.yaml"))
    )
    there = set(re.findall(r"^- name: (\S+)$", vectors, re.MULTILINE))
    lines = re.findall(r"^\*Tried by\*: (.*)$", text_of(DOCS / "semantics.md"), re.MULTILINE)
    assert there == {name for line in lines for name in re.findall(r"`([^`]+)`", line)}


_PATH = re.compile(r"`((?:smartspec|tests|packaging|resources|docs)/[\w./*-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_that_is_named_is_there(page: Path) -> None:
    for path in _PATH.findall(prose_of(page)):
        found = sorted(ROOT.glob(path)) if "*" in path else [each for each in (ROOT / path,) if each.exists()]
        assert found, path


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_module_that_is_named_is_there(page: Path) -> None:
    """`folder/module.py` and `folder/`, from the package or from the checkout on."""
    for name in re.findall(r"`([a-z_]+(?:/[a-z_0-9]+)*(?:\.py|/))`", prose_of(page)):
        there = any((folder / name).exists() for folder in (ROOT, ROOT / "smartspec"))
        assert there or name in _IN_THE_DATA_FOLDER, name


def test_the_layers_are_drawn_as_they_are_checked() -> None:
    settings = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    layers = next(each["layers"] for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    checked = [{name.removeprefix("smartspec.") for name in layer.split(" | ")} for layer in layers]
    drawn = _FENCE.findall(text_of(DOCS / "architecture.md"))[0][1].splitlines()
    assert [{"__main__"}, *({*re.split(r"  +", line)[0].split(" · ")} for line in drawn)] == checked


_IN_THE_DATA_FOLDER = frozenset({"logs/", "backups/", "ongoing/", "scratch/", "reports/"})
