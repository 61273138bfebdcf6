"""A crontab taken over in the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Said

Terminal = Callable[..., Said]
CRONTAB = Path(__file__).parents[1] / "data" / "crontabs" / "a.crontab"


def test_each_line_is_a_workflow_and_a_paused_schedule(terminal: Terminal) -> None:
    said = terminal("schedule", "import-crontab", str(CRONTAB))
    assert said.code == 0
    assert "10 workflows were made." in said.out and "9 schedules are paused" in said.out
    assert "“hu…” looks like a password" in said.out and "smartspec config set cron.pg-dump pgpassword" in said.out
    listed = json.loads(terminal("schedule", "list", "--json").out)
    assert {each["status"] for each in listed} == {"paused"}
    assert {each["expression"] for each in listed} >= {"30 2 * * *", "application started", "0 0 * * *"}


def test_a_password_is_shown_and_kept_nowhere(terminal: Terminal, home: Path) -> None:
    told = terminal("schedule", "import-crontab", str(CRONTAB))
    assert not any(b"hunter22" in file.read_bytes() for file in home.rglob("*") if file.is_file())
    kept = terminal("schedule", "import-crontab", str(CRONTAB), "--pack", "kept", "--keep-passwords")
    assert any(b"hunter22" in file.read_bytes() for file in home.rglob("*") if file.is_file())
    before = terminal("schedule", "import-crontab", str(CRONTAB), "--dry-run", "--json")
    assert not any("hunter22" in said.out + said.err for said in (told, kept, before))


def test_what_holds_a_password_is_shown_first_so_that_it_is_known(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "crontab"
    file.write_text(
        "0 1 * * * echo nothing\n0 2 * * * PGPASSWORD=correct-horse pg_dump db\n"
        "0 3 * * * curl -u me:abc https://example.org\n#0 4 * * * mysqldump -phunter23 db\n",
        encoding="utf-8",
    )  # fmt: skip
    said = terminal("schedule", "import-crontab", str(file), "--dry-run").out
    first, *others = [line for line in said.splitlines() if line[:1].isdigit()]
    assert first.startswith("2: ") and "PGPASSWORD=co… pg_dump db" in first
    assert others[0].startswith("3: ") and "me:… https://example.org" in others[0]
    assert others[1].startswith("1: ")
    assert not any(each in said for each in ("correct-horse", "me:abc", "hunter23"))


def test_a_dry_run_makes_nothing(terminal: Terminal, home: Path) -> None:
    said = terminal("schedule", "import-crontab", str(CRONTAB), "--dry-run")
    assert said.code == 0 and "Nothing was made." in said.out
    assert not home.exists()
    jobs = json.loads(terminal("schedule", "import-crontab", str(CRONTAB), "--dry-run", "--json").out)["jobs"]
    assert [job["line"] for job in jobs] == [6, 7, 8, 9, 10, 11, 12, 14, 15, 17]


def test_a_second_time_nothing_is_made_twice(terminal: Terminal) -> None:
    made = json.loads(terminal("schedule", "import-crontab", str(CRONTAB), "--json").out)
    assert [each["ref"] for each in made[:2]] == ["cron.backup", "cron.poll"]
    again = terminal("schedule", "import-crontab", str(CRONTAB))
    assert again.code == 5
    assert len(json.loads(terminal("schedule", "list", "--json").out)) == 9


@pytest.mark.parametrize(("text", "said"), [("", "no job"), ("# nothing\nPATH=/bin\n", "no job"), ("\udcff", "UTF-8")])
def test_what_is_no_crontab_is_refused(text: str, said: str, terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "crontab"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    refused = terminal("schedule", "import-crontab", str(file))
    assert refused.code == 2 and said in refused.err
    assert terminal("schedule", "import-crontab", str(tmp_path / "none")).code == 2
