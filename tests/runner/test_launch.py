"""A runner that is started and does not come up is told of by whoever started it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smartspec import api
from smartspec.commands import database, executions
from smartspec.errors import RunError
from smartspec.runner import background
from tests.clock import until
from tests.conftest import Said

Store = Callable[..., object]
WORK = {"tasks": {"a": {"run": "true"}}}


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program that cannot start, in the place of this one."""
    file = tmp_path / "broken"
    file.write_text(
        "#!/bin/sh\necho 'Traceback (most recent call last):' >&2\necho 'ImportError: no module named x' >&2\nexit 1\n"
    )
    file.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(file))
    yield file


def test_its_last_words_are_raised(store: Store, db: Path, broken: Path) -> None:
    launch = background.ensure(db)
    with pytest.raises(RunError, match="No runner came up: ImportError: no module named x"):
        background.check(launch)


def test_so_is_that_it_cannot_be_started_at_all(store: Store, db: Path, broken: Path) -> None:
    broken.unlink()
    with pytest.raises(RunError, match="No runner could be started"):
        background.ensure(db)


def test_one_that_comes_up_is_waited_for_and_nothing_is_said(store: Store, db: Path) -> None:
    background.check(background.ensure(db), 60)
    assert background.is_there() and background.ensure(db) is None
    until(lambda: not background.is_there())


def test_the_terminal_says_why_and_the_execution_stays_queued(
    terminal: Callable[..., Said], file: Callable[[str, str], Path], broken: Path
) -> None:
    """F9."""
    path = file("w.yaml", "smartspec: 1\nname: w\ntasks:\n  a:\n    run: 'true'\n")
    said = terminal("run", str(path), "--detach")
    assert said.code == 6 and "w #1 is queued" in said.out
    assert "No runner came up: ImportError: no module named x" in said.err
    assert executions.get_execution("w").status == "pending"


def test_who_waits_in_python_is_told(home: Path, broken: Path, tmp_path: Path) -> None:
    from smartspec.commands import files
    from tests.conftest import as_source

    database.open_default_database()
    try:
        files.import_workflows([as_source(WORK, tmp_path)])
        with pytest.raises(RunError, match="No runner came up"):
            api.run("test").wait(60)
    finally:
        database.close_database()
