"""Folders that tasks share: no link in their place is followed, none outlives its execution."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smartspec.commands import control, executions, runs, settings, starting
from smartspec.domain.execution import Execution
from smartspec.runner.engine import scratch
from tests.clock import until
from tests.conftest import Ran
from tests.runner.engine.conftest import task_status
from tests.serving import serving

Store = Callable[..., object]


def folder_of(done: Execution) -> Path:
    return runs.scratch_folder(done.id)


def test_a_link_in_its_place_goes_and_what_it_leads_to_stays(run: Callable[..., Ran], tmp_path: Path) -> None:
    """B13."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("kept")
    done = run({"tasks": {"a": {"run": f'cd /; rm -rf "$SMARTSPEC_SCRATCH"; ln -s {precious} "$SMARTSPEC_SCRATCH"'}}})
    assert not folder_of(done.execution).is_symlink() and not folder_of(done.execution).exists()
    assert (precious / "file").read_text() == "kept"


def test_folders_that_may_not_be_written_go_too(run: Callable[..., Ran], tmp_path: Path) -> None:
    task = 'cd "$SMARTSPEC_SCRATCH"; mkdir -p a/b; echo x > a/b/c; ln -s / a/root; chmod 500 a/b; chmod 000 a'
    done = run({"tasks": {"a": {"run": task}}})
    assert done.status == "completed" and not folder_of(done.execution).exists()


def test_a_link_in_its_place_does_not_hold_up_who_goes_on(store: Store, db: Path, tmp_path: Path) -> None:
    store({"tasks": {"a": {"run": 'test "$SMARTSPEC_ATTEMPT" = 2 && echo k > "$SMARTSPEC_SCRATCH/x" || sleep 60'}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "a") == "running")
    folder = folder_of(execution)
    scratch.remove(folder)
    folder.symlink_to(tmp_path / "nowhere")
    with serving():
        until(lambda: executions.get_execution(execution.id).status == "completed")
    assert not (tmp_path / "nowhere").exists() and not folder.is_symlink()


def test_those_of_executions_that_nobody_ended_are_swept(store: Store, db: Path, tmp_path: Path) -> None:
    settings.set_setting("runner.resume", False)
    store({"tasks": {"a": {"run": "sleep 60"}}})
    begun = [starting.start_execution("test") for _ in range(2)]
    settings.set_setting("runner.at_once", 2)
    with serving():
        until(lambda: all(task_status(each, "a") == "running" for each in begun))
    control.give_up_execution(begun[0].id)
    root = folder_of(begun[0]).parent
    (root / "left over").mkdir()
    (root / "a link").symlink_to(tmp_path)
    scratch.remove_stale()
    assert [each.name for each in root.iterdir()] == [begun[1].id]  # it may go on
    assert tmp_path.is_dir()
