"""What comes from a file or a person cannot drive the terminal, whichever way it takes to it."""

from __future__ import annotations

import ast
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.cli import echo
from smartspec.commands import database
from smartspec.store.database.sqlite import library
from tests.conftest import ROOT, Said

Call = Callable[..., Said]
PROGRAM = [sys.executable, "-m", "smartspec"]
EVIL = "\x1b]0;title\x07\x9b31m\x1b[2Jname\x08"
YAML_EVIL = json.dumps(EVIL)


def on_a_terminal(*arguments: str) -> bytes:
    """What the program writes to a terminal."""
    pid, master = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [*PROGRAM, *arguments], {**os.environ, "PYTHONPATH": str(ROOT)})
    seen = b""
    try:
        while data := os.read(master, 65536):
            seen += data
    except OSError:  # its end
        pass
    os.waitpid(pid, 0)
    os.close(master)
    return seen


def drives(seen: bytes) -> list[bytes]:
    """What of it drives a terminal, our own colours and line breaks aside."""
    import re

    rest = re.sub(rb"\x1b\[[0-9;]*m|\r\n|\r\x1b\[2K", b"", seen)
    return re.findall(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae", rest)


@pytest.mark.parametrize("key", ["name", "description", "category", "tags"])
def test_a_file_is_refused_where_its_words_drive_a_terminal(key: str, terminal: Call, tmp_path: Path) -> None:
    value = f"[{YAML_EVIL}]" if key == "tags" else YAML_EVIL
    name = "" if key == "name" else "name: evil\n"
    file = tmp_path / "evil.yaml"
    file.write_text(f"smartspec: 1\n{name}{key}: {value}\ntasks: {{a: {{run: 'true'}}}}\n")
    for verb in ("check", "import", "run"):
        said = terminal(verb, str(file))
        assert said.code == 2 and "the control character U+001B" in said.out + said.err
        assert not drives((said.out + said.err).encode())


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", EVIL], ["rename", "w", EVIL], ["duplicate", "w", "--name", EVIL], ["note", "w", EVIL], ["config", "set", "w", EVIL, "1"],
        ["config", "set", "w", "k", "1", "--description", EVIL], ["workspace", "new", EVIL], ["delete", "w", "--reason", EVIL], ["run", "w", "--session", EVIL],
        ["import", "w2.yaml", "-m", EVIL],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)  # fmt: skip
def test_names_are_refused_when_they_are_given(
    arguments: list[str], terminal: Call, file: Callable[[str, str], Path]
) -> None:
    terminal("run", str(file("w.yaml", "smartspec: 1\nname: w\ntasks: {a: {run: 'true'}}\n")))
    changed = file("w2.yaml", "smartspec: 1\nname: w\ntasks: {a: {run: 'false'}}\n")
    said = terminal(*(str(changed) if word == changed.name else word for word in arguments))
    assert said.code == 2 and "cannot hold the control character" in said.err
    assert not drives(said.err.encode())


def test_what_an_older_program_stored_is_shown_without_it(
    home: Path, terminal: Call, file: Callable[[str, str], Path]
) -> None:
    """Names that are there already, by whatever way they came."""
    path = file("w.yaml", "smartspec: 1\nname: w\ntasks: {a: {run: 'echo failed >&2; exit 3'}}\n")
    assert terminal("run", str(path)).code == 10
    database.close_database()
    connection = library.connect(str(home / "data" / "smartspec.db"))
    for table, column in (("workflows", "name"), ("workflows", "description"), ("workflows", "category"), ("executions", "workflow_name"),
                          ("executions", "note"), ("executions", "error"), ("executions", "status_reason"), ("task_executions", "error"),
                          ("task_executions", "status_reason"), ("task_executions", "excerpt")):  # fmt: skip
        connection.execute(f"UPDATE {table} SET {column} = ?", (f"{EVIL}\u202e",))
    connection.commit()
    connection.close()
    for arguments in (["list"], ["show", "w"], ["history"], ["execution", "w"], ["tasks", "w"], ["events", "w"], ["versions", "w", "--audit"], ["compare", "w", "w"],
                      ["--json", "history"], ["--json", "execution", "w"], ["rerun", "w"], ["again", "w"]):  # fmt: skip
        seen = on_a_terminal(*arguments)
        assert b"name" in seen or arguments[0] not in ("list", "show", "history", "execution"), arguments
        assert drives(seen) == [], arguments


def test_json_keeps_every_letter(terminal: Call, capsys: pytest.CaptureFixture[str]) -> None:
    value = {"a": f"{EVIL}\u202e\u2028\ud800 日本"}
    echo.echo_json(value)
    out = capsys.readouterr().out
    assert json.loads(out) == value and not drives(out.encode())


def test_no_value_looks_like_a_row_or_colours_what_is_not_its_own() -> None:
    from smartspec.cli import output

    table = echo._drawn(output.table(("A", "B"), [("x\ny", f"{echo.paint('red', 'red')}"), ("\ufdd1", "z")]))
    assert "x y" in table and len(table.split("\n")) == 3
    assert table.endswith("\x1b[0m"), "whatever is opened is closed"
    assert "\n     forged" in output.record([("one", "1\nforged")])


def test_bars_are_their_last_state_wherever_they_are_shown(terminal: Call, file: Callable[[str, str], Path]) -> None:
    text = "smartspec: 1\nname: w\ntasks: {a: {run: \"printf '1%%\\\\r50%%\\\\r100%%\\\\nx\\\\ry\\\\n'; exit 3\"}}\n"
    said = terminal("run", str(file("w.yaml", text)))
    assert "a | 100%\n" in said.out and "    100%\n    y\n" in said.out
    assert "  100%\n  y" in terminal("execution", "w").out
    for shown in (
        said.out,
        terminal("logs", "w").out,
        terminal("execution", "w").out,
        on_a_terminal("logs", "w").decode(),
    ):
        assert "100%" in shown and "50%" not in shown
    assert terminal("logs", "w", "a", "--raw").out == "1%\r50%\r100%\nx\ry\n"
    (log,) = terminal("logs", "w", "--json").json()
    assert log == {"task": "a", "attempt": 1, "text": "100%\ny\n"}


@pytest.mark.parametrize("module", sorted((ROOT / "smartspec" / "cli").glob("*.py")), ids=lambda path: path.stem)
def test_nothing_leaves_but_through_the_door(module: Path) -> None:
    if module.stem == "echo":
        return
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "click":
            assert node.attr not in ("echo", "secho", "style", "confirm", "echo_via_pager"), f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print"


def test_names_that_are_not_utf8_get_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    odd = b"w\xff"
    folder = os.fsencode(tmp_path) + b"/" + odd
    os.mkdir(folder)  # noqa: PTH102 - bytes
    with open(folder + b"/w.yaml", "w", encoding="utf-8") as definition:  # noqa: PTH123 - bytes
        definition.write("smartspec: 1\nname: w\ntasks: {a: {run: 'true'}}\n")
    for arguments, codes in (
        ([b"show", odd], {2}), ([b"history", odd], {2}), ([b"execution", odd], {2}), ([b"new", odd], {2}), ([b"list", b"--workspace", odd], {2}),
        ([b"run", odd + b".yaml"], {4}), ([b"check", folder + b"/w.yaml"], {2}), ([b"import", folder + b"/w.yaml"], {2}),
        ([b"call", b"get_workflow", b'{"ref": "' + odd + b'"}'], {2}), ([b"call", b"get_workflow", b'{"ref": "\\ud800"}'], {2}), ([odd], {2}), ([b"--db", odd + b".db", b"list"], {0}),
    ):  # fmt: skip
        done = subprocess.run(
            [*map(str.encode, PROGRAM), *arguments], env=environment, cwd=tmp_path, capture_output=True
        )
        assert done.returncode in codes, (arguments, done)
        assert b"Traceback" not in done.stderr and (
            not done.returncode or any(word in done.stderr for word in (b"\\xff", b"half", b"not UTF-8"))
        ), done


@pytest.mark.parametrize(
    ("typed", "guess"),
    [("histroy", "history"), ("db chekc", "check"), ("config lst", "list"), ("workspace nwe", "new")],
)
def test_a_slip_of_the_fingers_gets_a_guess(typed: str, guess: str, terminal: Call) -> None:
    said = terminal(*typed.split())
    assert said.code == 2 and f"did you mean “{guess}”?" in said.err


def test_what_is_not_there_is_said_before_anything_is_asked(smartspec: Call) -> None:
    said = smartspec("purge", "NOSUCH")
    assert (said.code, said.out) == (4, "") and "no workflow “NOSUCH” in the trash" in said.err
