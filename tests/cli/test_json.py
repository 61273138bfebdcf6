"""`--json`: every command prints one document on standard output, and errors stay sentences on standard error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.cli.main import smartspec as front_door
from tests.cli.test_terminal import every_command
from tests.conftest import Said

# In this order, in one ledger: what each command is given. A dot leaves out what prints nothing, or not by itself:
# `record` gives the output of its command, `open` and `demo` show the window, `runner install` starts one that stays,
# no alert is raised here, and nobody answers a ping.
LINES = """
import w.yaml · check w.yaml · new Draft · list · now · show w · export w · run w · run w.yaml · again w · rename draft Other
duplicate w --name Copy · deactivate copy · activate copy · archive copy · delete copy · restore copy · delete copy · purge copy --yes
history · history --count · execution w · execution delete w#1 · execution restore w#1 · tasks w · events w · logs w · logs w a
note w text · pin w · waiting · timed-out · compare w#1 w#2 · replay w · replay --verdict w · versions w · versions w --audit · audit · audit w --count
import w2.yaml · diff w · rollback w 1.0.0 · config list w · config set w k 1 --type number · config get w k · config list w --history
config list w --as-of now · config unset w k · config unset w --all · db path · db version · db health · db check · db backup · db backups · db optimize
db log · stats · metrics · metrics w · metrics w --tasks · metrics --alerts · metrics --rebuild · workspace list · workspace new Else · workspace remove else
runner status · runner uninstall · notify add bell --command true · notify list · notify test bell · notify edit bell --command true · notify sent · notify quiet 1h · alerts · alerts rules w --long-running 2h
notify workflow w failures · notify remove bell · settings get · settings get runner.at_once · settings set runner.at_once 2 · call get_database_stats · completion bash · import-executions old.jsonl
schedule add w @daily --name night · schedule list · schedule show night · schedule edit night --overlap queue · schedule check night · schedule pause night
schedule resume night · schedule firings night · schedule preview @daily · schedule simulate --days 2 · event hello · schedule remove night · schedule restore night
ping set w --variable PING_URL · ping show w · ping remove w
"""
ELSEWHERE = {
    "record",
    "open",
    "demo",
    "runner install",
    "alerts acknowledge",
    "alerts reopen",
    "alerts show",
    "alerts snooze",
    "ping test",
    "schedule run",
    "schedule import-crontab",
    "screenshot",
    "db restore",
    "db new",
    "db repair",
}
REFUSED = {"cancel", "give-up", "pause", "confirm", "retry", "resume", "rerun"}  # of what has ended


def lines() -> list[str]:
    return [line.strip() for line in LINES.replace("\n", " · ").split("·") if line.strip()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = "smartspec: 1\nname: w\ntasks:\n  a: {run: echo hello}\n"
    (tmp_path / "w.yaml").write_text(text)
    (tmp_path / "w2.yaml").write_text(text.replace("hello", "goodbye"))
    (tmp_path / "old.jsonl").write_text(
        '{"workflow": "etl", "status": "success", "started_at": "2026-11-19T02:00:00Z"}\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_every_command_prints_one_document(terminal: Callable[..., Said]) -> None:
    known = {name for name, _ in every_command()}
    used = set()
    for line in lines():
        name = next((each for each in (" ".join(line.split()[:2]), line.split()[0]) if each in known), "")
        if not name or name in ELSEWHERE:
            continue
        used.add(name)
        said = terminal(*line.split(), "--json")
        assert said.code == 0, (line, said)
        assert isinstance(json.loads(said.out), dict | list), line
    for name in REFUSED:
        said = terminal(*name.split(), "w", *(["a"] if name == "confirm" else []), "--json")
        assert (said.code, said.out) == (5, "") and said.err.startswith("smartspec: "), (name, said)
    assert known - used - ELSEWHERE - REFUSED == set(), "a command is in no line of this test"
    assert front_door.name == "smartspec"


def test_an_error_leaves_standard_output_empty(terminal: Callable[..., Said]) -> None:
    for line, code in (
        ("show nope", 4),
        ("run nope.yaml", 4),
        ("history --since soon", 2),
        ("histroy", 2),
        ("list --workspace nope", 4),
    ):
        said = terminal("--json", *line.split())
        assert (said.code, said.out) == (code, "") and said.err, line


def test_call_goes_by_the_workspace_that_is_named(terminal: Callable[..., Said]) -> None:
    terminal("workspace", "new", "Other")
    assert terminal("--workspace", "other", "call", "create_workflow", '{"name": "there"}').code == 0
    assert terminal("call", "create_workflow", '{"name": "here", "workspace": "default"}').code == 0
    assert "there" in terminal("--workspace", "other", "list").out
    assert "there" not in terminal("list").out and "here" in terminal("list").out
