"""What makes a runner start at login: each form names what it was given, whatever is in its paths."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartspec.domain.login_item import desktop_entry, launch_agent, run_value, systemd_unit
from smartspec.domain.login_item.names import check_words, name_of
from smartspec.errors import Invalid


class Form(Protocol):
    def compose(self, argv: Sequence[str], database: str) -> str: ...
    def parse(self, text: str) -> tuple[str, ...]: ...


FORMS: dict[str, Form] = {"systemd": systemd_unit, "desktop": desktop_entry, "launchd": launch_agent}
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
ODD = ("/o d/%h $HOME `x` \\ \" ' ; # é.db", "/a\\", "%i", "$$", '"', "a=b", "‮")


def command(database: str, program: str = "/opt/my venv/bin/python") -> tuple[str, ...]:
    return (program, "-m", "smartspec", "--db", database, "runner", "--installed")


@each_form
@pytest.mark.parametrize("database", ODD)
def test_a_form_gives_back_the_words_that_it_was_given(form: Form, database: str) -> None:
    assert form.parse(form.compose(command(database), database)) == command(database)


@each_form
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.lists(st.text(st.characters(exclude_categories=["C"])), max_size=4))
def test_whatever_the_words_are(form: Form, words: list[str]) -> None:
    argv = ("/usr/bin/python", *words)
    assert form.parse(form.compose(argv, "/a.db")) == argv


@each_form
@pytest.mark.parametrize(
    "text", ["", "[Service]\nExecStart=/bin/true", "<plist>", "<?xml version='1.0'?><plist><array/></plist>", "\0"]
)
def test_what_somebody_else_wrote_names_nothing(form: Form, text: str) -> None:
    assert form.parse(text) == ()


def test_the_run_key_gives_back_its_words_and_refuses_what_it_would_cut() -> None:
    argv = command(r"C:\Users\Ann Lee\smartspec.db", r"C:\Program Files\py\pythonw.exe")
    assert run_value.parse(run_value.compose(argv, argv[4])) == argv
    with pytest.raises(Invalid, match="no command of more than 260 characters"):
        run_value.compose(command("C:\\" + "x" * 260), "C:\\x")


def test_systemd_is_given_no_program_that_it_would_ignore() -> None:
    with pytest.raises(Invalid, match="no program with quotes"):
        systemd_unit.compose(command("/a.db", "/it's/python"), "/a.db")


@pytest.mark.parametrize("word", ["/a\nb", "/a\x1b", "/\udcff", "/a\x7f"])
def test_a_path_that_no_form_can_name_is_refused(word: str) -> None:
    with pytest.raises(Invalid, match="characters that the start at login cannot name"):
        check_words(command(word))


def test_each_ledger_has_a_name_of_its_own() -> None:
    assert name_of("/a.db") != name_of("/b.db") and name_of("/\udcff.db")


# The systems' own tools


def checked(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not here")
    with tempfile.TemporaryDirectory() as folder:  # systemd wants one of a session
        environment = {**os.environ, "XDG_RUNTIME_DIR": folder}
        return subprocess.run([tool, *arguments], env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture
def programs(tmp_path: Path) -> Callable[[str], str]:
    """A program that is there: systemd asks for it."""

    def make(name: str) -> str:
        file = tmp_path / name / "python"
        file.parent.mkdir()
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
        return str(file)

    return make


@pytest.mark.parametrize("folder", ["plain", "o d %h $HOME ` # é"])
@pytest.mark.parametrize("database", ["/a.db", *ODD])
def test_systemd_finds_nothing_wrong(
    folder: str, database: str, programs: Callable[[str], str], tmp_path: Path
) -> None:
    unit = tmp_path / f"{name_of(database)}.service"
    unit.write_text(systemd_unit.compose(command(database, programs(folder)), database), encoding="utf-8")
    said = checked("systemd-analyze", "verify", "--user", "--man=no", str(unit))
    assert (said.returncode, [line for line in said.stderr.splitlines() if unit.name in line]) == (0, [])


def test_negative_control_systemd_finds_a_program_that_is_gone(tmp_path: Path) -> None:
    unit = tmp_path / "smartspec-runner-x.service"
    unit.write_text(systemd_unit.compose(command("/a.db", str(tmp_path / "gone")), "/a.db"), encoding="utf-8")
    said = checked("systemd-analyze", "verify", "--user", "--man=no", str(unit))
    assert "gone is not executable" in said.stderr


@pytest.mark.parametrize("database", ["/a.db", *ODD])
def test_the_desktop_finds_nothing_wrong(database: str, tmp_path: Path) -> None:
    entry = tmp_path / "smartspec-runner.desktop"
    entry.write_text(desktop_entry.compose(command(database), database), encoding="utf-8")
    said = checked("desktop-file-validate", str(entry))
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_the_agent_is_a_list_of_properties_that_is_kept_alive_after_a_failure_alone() -> None:
    agent = plistlib.loads(launch_agent.compose(command("/a.db"), "/a.db").encode())
    assert agent["ProgramArguments"] == [*command("/a.db")]
    assert agent["RunAtLoad"] and agent["KeepAlive"] == {"SuccessfulExit": False}
