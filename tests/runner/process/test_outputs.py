"""What a task puts in the place of files that are ours: a sentence, no hang, nothing followed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.domain.execution import file_stem
from smartspec.runner.process.output_file import OutputError, read_outputs
from tests.conftest import Ran

Run = Callable[..., Ran]
REASON = "failed outputs: $SMARTSPEC_OUTPUT"

INSTEAD = {
    "pipe": ('mkfifo "$SMARTSPEC_OUTPUT"', "is a pipe now"),
    "folder": ('mkdir "$SMARTSPEC_OUTPUT"', "is a folder now"),
    "loop": ('ln -s "$SMARTSPEC_OUTPUT" "$SMARTSPEC_OUTPUT"', "is a link now"),
    "link": ('ln -s /etc/passwd "$SMARTSPEC_OUTPUT"', "is a link now"),
    "dangling": ('ln -s /nowhere/at-all "$SMARTSPEC_OUTPUT"', "is a link now"),
    "endless": ('ln -s /dev/zero "$SMARTSPEC_OUTPUT"', "is a link now"),
    "socket": (
        "python3 -c \"import os, socket; socket.socket(socket.AF_UNIX).bind(os.environ['O'])\"",
        "is a socket now",
    ),
    "way": ('rm -r "$SMARTSPEC_SCRATCH/.outputs"; echo x > "$SMARTSPEC_SCRATCH/.outputs"', "is no folder any more"),
    "binary": ("head -c 100 /dev/urandom > $SMARTSPEC_OUTPUT; printf '\\377' >> $SMARTSPEC_OUTPUT", "SMARTSPEC_OUTPUT"),
    "sparse": ('truncate -s 1T "$SMARTSPEC_OUTPUT"', "More than 1 MiB"),
    "no pair": ('echo rows > "$SMARTSPEC_OUTPUT"', "is not key=value"),
}


@pytest.mark.parametrize("name", INSTEAD)
@pytest.mark.timeout(120)
def test_what_stands_in_the_place_of_the_output_file_fails_the_task(run: Run, name: str) -> None:
    script, sentence = INSTEAD[name]
    env = {"O": "short"} if name == "socket" else {}
    if name == "socket":  # the name of a socket may be 107 bytes long
        script = f'cd "$SMARTSPEC_SCRATCH/.outputs"; {script}; mv short "$SMARTSPEC_OUTPUT"'
    done = run({"tasks": {"a": {"run": script, "timeout": "60s", "env": env}, "b": {"needs": ["a"], "run": "true"}}})
    assert done.words() == {"a": REASON, "b": "skipped needs_failed"}
    assert sentence in (done.row("a").error or "")
    assert (done.row("a").error or "").encode() in done.log("a")  # also where somebody only reads the log


def test_a_task_that_failed_anyway_keeps_its_own_reason(run: Run) -> None:
    done = run({"tasks": {"a": {"run": 'mkfifo "$SMARTSPEC_OUTPUT"; exit 3'}}})
    assert done.words() == {"a": "failed exit 3"}


def test_an_ordinary_file_is_read(run: Run) -> None:
    done = run({"tasks": {"a": {"run": 'echo "rows=3" > "$SMARTSPEC_OUTPUT"'}}})
    assert (done.status, done.row("a").output) == ("completed", {"rows": "3"})


def test_a_scratch_folder_that_a_task_removed_is_there_for_the_next(run: Run) -> None:
    done = run({"tasks": {
        "a": {"run": 'rm -rf "$SMARTSPEC_SCRATCH"'},
        "b": {"needs": ["a"], "run": 'echo x=1 > "$SMARTSPEC_OUTPUT"; touch "$SMARTSPEC_SCRATCH/y"'},
    }})  # fmt: skip
    assert (done.status, done.row("b").output) == ("completed", {"x": "1"})


def test_a_scratch_folder_swapped_for_a_link_fails_what_follows(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    done = run({"tasks": {
        "a": {"run": f'rm -rf "$SMARTSPEC_SCRATCH"; ln -s {other} "$SMARTSPEC_SCRATCH"'},
        "b": {"needs": ["a"], "run": "true"},
    }})  # fmt: skip
    assert done.words()["b"] == "failed start"
    assert "removed or replaced" in (done.row("b").error or "")
    assert list(other.iterdir()) == []


def test_a_script_file_is_not_written_through_a_link(run: Run, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    long = "# " + "x" * 150_000 + "\necho ran"
    done = run({"tasks": {
        "a": {"run": f'ln -s {precious} "$SMARTSPEC_SCRATCH/.{file_stem("b.0.1")}"'},
        "b": {"needs": ["a"], "run": long},
        "c": {"needs": ["b"], "run": f'mkdir "$SMARTSPEC_SCRATCH/.{file_stem("d.0.1")}"'},
        "d": {"needs": ["c"], "run": long},
    }})  # fmt: skip
    assert precious.read_text() == "mine"
    assert done.log("b") == b"ran\n"
    assert done.words()["d"] == "failed start" and "script cannot be written" in (done.row("d").error or "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_a_pipe_with_a_writer_is_not_read_either(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    end = os.open(tmp_path / "pipe", os.O_RDWR)
    os.write(end, b"a=1\n")
    with pytest.raises(OutputError, match="pipe"):
        read_outputs(tmp_path / "pipe")
    os.close(end)
