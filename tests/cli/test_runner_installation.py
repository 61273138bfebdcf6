"""A runner that stays: installed for real, looked at, and removed again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from smartspec.domain.login_item.names import name_of
from tests.clock import until
from tests.conftest import ROOT, Said, without_a_screen
from tests.user_manager import UserManager

Program = Callable[..., Said]
pytestmark = pytest.mark.usefixtures("no_runner_stays")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config"


@pytest.fixture
def entry(ledger: Path, config: Path) -> Path:
    return config / "autostart" / f"{name_of(str(ledger))}.desktop"


# Without a manager of services: the desktop's


def test_without_a_manager_it_says_why_writes_an_entry_and_one_serves_from_now_on(
    smartspec: Program, entry: Path, ledger: Path
) -> None:
    said = smartspec("runner", "install")
    assert said.code == 0
    assert "No user service of systemd can be had here:" in said.err
    assert f"Wrote {entry}." in said.out and "A background runner serves now: process" in said.out
    assert "A desktop starts it; where nobody logs in to one, nothing does." in said.out
    found = smartspec("runner", "status", "--json").json()
    assert found["command"] == [sys.executable, "-m", "smartspec", "--db", str(ledger), "runner", "--installed"]
    assert psutil.Process(found["serves"]).cmdline()[1:] == found["command"][1:]
    assert (found["kind"], found["place"], found["problems"]) == ("autostart", str(entry), [])


def test_twice_is_once(smartspec: Program, entry: Path) -> None:
    smartspec("runner", "install")
    first, written = smartspec("runner", "status", "--json").json(), entry.stat().st_mtime_ns
    again = smartspec("runner", "install")
    assert f"Installed already: {entry}." in again.out
    assert smartspec("runner", "status", "--json").json() == first and entry.stat().st_mtime_ns == written


def test_removed_it_is_gone_and_the_one_that_serves_ends_when_it_has_nothing_to_do(
    smartspec: Program, entry: Path
) -> None:
    smartspec("runner", "install")
    process = psutil.Process(smartspec("runner", "status", "--json").json()["serves"])
    said = smartspec("runner", "uninstall")
    assert (said.code, said.out) == (0, f"Removed {entry}.\n") and not entry.exists()
    process.wait(60)
    assert "No background runner serves now." in smartspec("runner", "status").out


def test_what_is_not_there_is_not_removed_and_no_ledger_is_made_for_that(smartspec: Program, ledger: Path) -> None:
    said = smartspec("runner", "uninstall")
    assert (said.code, said.out) == (0, f"No runner of {ledger} starts at login: nothing was removed.\n")
    assert "one starts when there is work" in smartspec("runner", "status").out
    assert not ledger.exists()


def test_what_is_for_a_runner_of_this_process_is_refused_beside_a_verb(smartspec: Program, config: Path) -> None:
    said = smartspec("runner", "--until-idle", "install")
    assert said.code == 2 and "--until-idle, --installed, --sweep are for `smartspec runner` alone." in said.err
    assert not config.exists()


def test_a_program_that_is_gone_is_named_and_install_mends_it(smartspec: Program, entry: Path) -> None:
    smartspec("runner", "install")
    entry.write_text(entry.read_text().replace(sys.executable, "/gone/bin/python"))
    said = smartspec("runner", "status")
    assert "It points at /gone/bin/python, which is gone; `smartspec runner install` writes it anew." in said.out
    assert f"Wrote {entry}." in smartspec("runner", "install").out
    assert "/gone/bin" not in smartspec("runner", "status").out


def test_an_entry_that_somebody_changed_is_seen(smartspec: Program, entry: Path) -> None:
    smartspec("runner", "install")
    entry.write_text(entry.read_text() + "Hidden=true\n")
    assert "It is not what would be written today" in smartspec("runner", "status").out


def test_another_ledger_has_its_own_and_each_tells_of_the_other(
    smartspec: Program, entry: Path, tmp_path: Path
) -> None:
    other = tmp_path / "o d %h $HOME é" / "my.db"
    smartspec("runner", "install")
    assert smartspec("--db", str(other), "runner", "install").code == 0
    found = smartspec("--db", str(other), "runner", "status", "--json").json()
    assert found["others"] == [str(entry)] and found["problems"] == []
    assert found["serves"] and found["command"][4] == str(other)
    assert f"of another ledger: {found['place']}." in smartspec("runner", "status").out


def test_a_link_is_the_ledger_it_leads_to(smartspec: Program, entry: Path, ledger: Path, tmp_path: Path) -> None:
    smartspec("runner", "install")
    link = tmp_path / "link.db"
    link.symlink_to(ledger)
    assert f"Installed already: {entry}." in smartspec("--db", str(link), "runner", "install").out


def test_a_home_that_takes_no_file_is_named_and_nothing_is_started(smartspec: Program, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    said = smartspec("runner", "install", XDG_CONFIG_HOME=str(blocked))
    assert said.code == 6 and f"{blocked}/autostart/" in said.err and "cannot be written: not a directory." in said.err
    assert "No background runner serves now." in smartspec("runner", "status").out


def test_lingering_is_refused_where_there_are_no_services_and_nothing_is_written(
    smartspec: Program, entry: Path
) -> None:
    said = smartspec("runner", "install", "--linger")
    assert said.code == 6 and "Only a user service of systemd runs without a login:" in said.err
    assert not entry.exists()


def test_a_path_that_cannot_be_named_at_login_is_refused(smartspec: Program, config: Path, tmp_path: Path) -> None:
    said = smartspec("--db", str(tmp_path / "a\nb" / "my.db"), "runner", "install")
    assert said.code == 2 and "has characters that the start at login cannot name" in said.err
    assert not config.exists()


def test_a_program_that_starts_in_this_shell_alone_is_not_installed(
    smartspec: Program, config: Path, tmp_path: Path
) -> None:
    """As with a package that only PYTHONPATH leads to."""
    program = tmp_path / "python"
    program.write_text(
        f'#!/bin/sh\n[ -n "$PYTHONPATH" ] || {{ echo "no smartspec" >&2; exit 1; }}\nexec {sys.executable} "$@"\n'
    )
    program.chmod(0o755)
    code = f"import sys; sys.executable = {str(program)!r}; from smartspec.cli.main import main; sys.exit(main(['runner', 'install']))"
    environment = {**without_a_screen(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 6 and f"At login {program} would not start: no smartspec." in done.stderr
    assert not config.exists()


def test_a_ledger_that_cannot_be_opened_is_still_told_of_and_uninstalled(
    smartspec: Program, entry: Path, ledger: Path
) -> None:
    smartspec("runner", "install")
    shutil.copy(entry, entry.with_name("kept"))
    smartspec("runner", "uninstall")
    entry.with_name("kept").replace(entry)
    ledger.write_bytes(b"no database at all, whatever it was" * 100)
    assert "starts at login:" in smartspec("runner", "status").out
    assert smartspec("runner", "uninstall").out == f"Removed {entry}.\n"


# With one: a real systemd


@pytest.fixture
def services(config: Path, home: Path) -> Iterator[UserManager]:
    made = UserManager({**without_a_screen(), "XDG_CONFIG_HOME": str(config), "HOME": str(home)})
    if not made.is_possible:
        made.close()
        pytest.skip("no manager of services can be started here")
    yield made
    made.close()


@pytest.fixture
def unit(ledger: Path, config: Path) -> Path:
    return config / "systemd" / "user" / f"{name_of(str(ledger))}.service"


def program(services: UserManager, *arguments: str) -> Said:
    return Said(*services.call(sys.executable, "-m", "smartspec", *arguments))


def show(services: UserManager, unit: Path, name: str) -> str:
    return services.call("systemctl", "--user", "show", "--value", f"--property={name}", unit.name)[1].strip()


def test_systemd_starts_it_now_starts_it_anew_when_it_dies_and_lets_it_end(
    services: UserManager, unit: Path, ledger: Path
) -> None:
    quick = unit.with_name(f"{unit.name}.d") / "quick.conf"
    quick.parent.mkdir(parents=True)
    quick.write_text("[Service]\nRestartSec=0.1\n")
    said = program(services, "runner", "install")
    assert (said.code, said.err) == (0, "") and f"Wrote {unit}." in said.out
    found = program(services, "runner", "status", "--json").json()
    assert (found["kind"], found["problems"], str(found["serves"])) == ("systemd", [], show(services, unit, "MainPID"))
    assert show(services, unit, "UnitFileState") == "enabled"

    services.call("kill", "-KILL", str(found["serves"]))
    until(lambda: program(services, "runner", "status", "--json").json()["serves"] not in (None, found["serves"]))

    assert program(services, "runner", "uninstall").out == f"Removed {unit}.\n"
    assert [each.name for each in unit.parent.rglob("*") if each.is_symlink()] == []
    until(lambda: show(services, unit, "ActiveState") == "inactive")
    assert "No background runner serves now." in program(services, "runner", "status").out


def test_its_executions_run_in_the_service_and_end_with_it(services: UserManager, unit: Path, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("smartspec: 1\nname: w\ntasks:\n  a: {run: cat /proc/self/cgroup}\n")
    assert program(services, "runner", "install").code == 0
    assert program(services, "run", "--detach", str(tmp_path / "w.yaml")).code == 0
    until(lambda: json.loads(program(services, "execution", "w#1", "--json").out)["status"] == "completed")
    assert unit.name in program(services, "logs", "w#1", "a").out


def test_a_service_that_is_switched_off_or_fails_is_told(services: UserManager, unit: Path) -> None:
    assert program(services, "runner", "install").code == 0
    services.call("systemctl", "--user", "disable", "--now", unit.name)
    assert (
        "The service is switched off; `smartspec runner install` switches it on."
        in program(services, "runner", "status").out
    )
    broken = unit.with_name(f"{unit.name}.d") / "broken.conf"
    broken.parent.mkdir()
    broken.write_text("[Service]\nExecStartPre=/bin/false\nRestart=no\n")
    said = program(services, "runner", "install")
    assert (
        said.code == 6
        and f"{unit} cannot be put into force: `systemctl --user enable --now {unit.name}` says:" in said.err
    )
    assert unit.exists(), "what was there before stays"
    assert "The service failed;" in program(services, "runner", "status").out


def test_what_could_not_be_put_into_force_is_not_left_behind(services: UserManager, unit: Path) -> None:
    broken = unit.with_name(f"{unit.name}.d") / "broken.conf"
    broken.parent.mkdir(parents=True)
    broken.write_text("[Service]\nExecStartPre=/bin/false\nRestart=no\n")
    assert program(services, "runner", "install").code == 6
    assert not unit.exists() and [each for each in unit.parent.rglob("*") if each.is_symlink()] == []


def test_the_entry_of_a_desktop_gives_way_to_a_service(
    services: UserManager, unit: Path, entry: Path, smartspec: Program
) -> None:
    smartspec("runner", "install")
    assert entry.exists()
    assert program(services, "runner", "install").code == 0
    assert unit.exists() and not entry.exists()


def test_where_the_manager_does_not_answer_a_service_is_not_replaced_and_is_removed(
    services: UserManager, unit: Path, entry: Path, smartspec: Program
) -> None:
    assert program(services, "runner", "install").code == 0
    said = smartspec("runner", "install")
    assert said.code == 6 and f"{unit} is there, and cannot be put into force here:" in said.err
    assert "Whether the service runs is not known:" in smartspec("runner", "status").out
    assert smartspec("runner", "uninstall").out == f"Removed {unit}.\n" and not entry.exists()
