"""Which workflow a file is, and where it runs: two files of one name, moved files, links, other names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import files, starting, workflow_sources, workflows
from smartspec.errors import TwoFiles
from tests.conftest import Said, run_on

TEXT = "smartspec: 1\nname: j\ntasks: {a: {run: cat data.txt}}\n"


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """A and B, with a data file of its own each; the workflow file is in A."""
    for name in ("A", "B"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.txt").write_text(f"of {name}")
    (tmp_path / "A" / "j.yaml").write_text(TEXT)
    return tmp_path / "A", tmp_path / "B"


def import_(file: Path, **more: Any) -> files.Imported:
    return files.import_workflows([workflow_sources.read_source(file)], **more)[0]


def says(ref: str) -> bytes:
    return run_on(starting.start_execution(ref)).log("a")


def test_a_second_file_of_the_name_is_a_conflict_that_names_both(db: Path, two: tuple[Path, Path]) -> None:
    a, b = two
    import_(a / "j.yaml")
    shutil.copy(a / "j.yaml", b)
    with pytest.raises(TwoFiles) as caught:
        import_(b / "j.yaml")
    assert (caught.value.exit_code, caught.value.ref) == (5, "default.j")
    assert (caught.value.old, caught.value.new) == (a / "j.yaml", b / "j.yaml")
    for each in (str(a / "j.yaml"), str(b / "j.yaml"), "--name", "--move"):
        assert each in str(caught.value)
    assert (workflows.get_workflow("j").folder, says("j")) == (str(a), b"of A")
    (b / "j.yaml").write_text(TEXT + "# another text\n")  # nor does a new version slip in
    with pytest.raises(TwoFiles):
        import_(b / "j.yaml")
    assert workflows.get_workflow("j").row_version == import_(a / "j.yaml").workflow.row_version


def test_with_another_name_both_are_kept_and_each_file_is_known_again(db: Path, two: tuple[Path, Path]) -> None:
    a, b = two
    import_(a / "j.yaml")
    shutil.copy(a / "j.yaml", b)
    other = import_(b / "j.yaml", name="J of B")
    assert (other.change, other.workflow.ref, other.workflow.name) == ("created", "default.j-of-b", "J of B")
    assert (says("j"), says("j-of-b")) == (b"of A", b"of B")
    assert import_(b / "j.yaml").workflow.ref == "default.j-of-b"
    assert import_(a / "j.yaml").workflow.ref == "default.j"
    (b / "j.yaml").write_text(TEXT.replace("cat data.txt", "echo new"))
    assert (import_(b / "j.yaml").change, says("j-of-b"), says("j")) == ("changed", b"new\n", b"of A")
    (b / "j.yaml").write_text(TEXT.replace("name: j", "name: k"))  # it calls itself something else now
    assert import_(b / "j.yaml").workflow.ref == "default.k"


def test_with_move_the_workflow_lives_there(db: Path, two: tuple[Path, Path]) -> None:
    a, b = two
    import_(a / "j.yaml")
    shutil.copy(a / "j.yaml", b)
    moved = import_(b / "j.yaml", move=True)
    assert (moved.change, moved.moved_from, moved.workflow.folder) == ("same", str(a), str(b))
    assert says("j") == b"of B"
    with pytest.raises(TwoFiles):
        import_(a / "j.yaml")


@pytest.mark.parametrize("what", ["folder", "file", "renamed", "another workflow"])
def test_where_the_old_one_is_gone_it_moves_by_itself(
    db: Path, tmp_path: Path, two: tuple[Path, Path], what: str
) -> None:
    a, b = two
    import_(a / "j.yaml")
    where = b / "j.yaml"
    if what == "folder":
        a.rename(tmp_path / "A2")
        where = tmp_path / "A2" / "j.yaml"
    elif what == "file":
        (a / "j.yaml").rename(where)
    elif what == "renamed":
        where = b / "other.yaml"
        (a / "j.yaml").rename(where)
    else:
        shutil.copy(a / "j.yaml", b)
        (a / "j.yaml").write_text(TEXT.replace("name: j", "name: k"))
    moved = import_(where)
    assert (moved.change, moved.moved_from, moved.workflow.folder) == ("same", str(a), str(where.parent))
    assert says("j") == (b"of A" if what == "folder" else b"of B")


def test_an_old_file_that_cannot_be_read_any_more_is_still_there(db: Path, two: tuple[Path, Path]) -> None:
    a, b = two
    import_(a / "j.yaml")
    shutil.copy(a / "j.yaml", b)
    (a / "j.yaml").write_text("name: [")
    with pytest.raises(TwoFiles):
        import_(b / "j.yaml")


def test_a_link_to_the_same_file_is_no_second_file(db: Path, tmp_path: Path, two: tuple[Path, Path]) -> None:
    a, b = two
    import_(a / "j.yaml")
    (tmp_path / "L").symlink_to(a)
    assert import_(tmp_path / "L" / "j.yaml").workflow.ref == "default.j"
    (b / "j.yaml").symlink_to(a / "j.yaml")
    assert import_(b / "j.yaml").workflow.folder == str(b) and says("j") == b"of B"  # the folder that was named


def test_a_way_that_goes_up_names_the_same_folder(
    db: Path, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = two
    import_(a / "j.yaml")
    monkeypatch.chdir(b)
    for way in (Path("../A/j.yaml"), b / ".." / "A" / "j.yaml", Path("./../B/../A/./j.yaml")):
        found = import_(way)
        assert (found.workflow.folder, found.moved_from, found.change) == (str(a), None, "same")
    (b / "deep").mkdir()
    (a / "link").symlink_to(b / "deep")
    shutil.copy(a / "j.yaml", b)
    assert import_(a / "link" / ".." / "j.yaml", name="k").workflow.folder == str(b)


def test_two_of_one_name_given_together_are_refused_together(db: Path, two: tuple[Path, Path]) -> None:
    a, b = two
    shutil.copy(a / "j.yaml", b)
    with pytest.raises(TwoFiles):
        files.import_workflows([workflow_sources.read_source(each / "j.yaml") for each in two])
    assert workflows.count_workflows() == 0


def test_in_the_terminal(terminal: Callable[..., Said], two: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = two
    first = terminal("run", str(a / "j.yaml"))
    assert first.code == 0 and f"default.j runs in {a}" in first.err
    shutil.copy(a / "j.yaml", b)
    refused = terminal("run", str(b / "j.yaml"))
    assert refused.code == 5 and str(a / "j.yaml") in refused.err and "--move" in refused.err
    assert terminal("import", str(b / "j.yaml")).code == 5
    assert "of B" in terminal("run", str(b / "j.yaml"), "--name", "jb").out
    moved = terminal("import", str(b / "j.yaml"), "--move", "--name", "j")
    assert f"runs in {b}, no longer in {a}" in moved.out
    a.rename(tmp_path / "A2")
    b.rename(tmp_path / "B2")
    gone = terminal("run", "j")
    assert gone.code == 10 and f"The working folder {b} does not exist" in gone.out + gone.err
    assert "import the workflow from where its file is now" in gone.out + gone.err
    assert "of B" in terminal("run", str(tmp_path / "B2" / "j.yaml")).out
    assert "name" in terminal("run", "j", "--move").err


def test_a_rerun_goes_to_where_the_file_is_when_its_folder_is_gone(
    terminal: Callable[..., Said], two: tuple[Path, Path], tmp_path: Path
) -> None:
    a, _ = two
    (a / "data.txt").rename(a / "later.txt")
    assert terminal("run", str(a / "j.yaml")).code == 10
    a.rename(tmp_path / "A2")
    (tmp_path / "A2" / "later.txt").rename(tmp_path / "A2" / "data.txt")
    assert terminal("rerun", "j").code == 10  # nobody has said yet where it is
    assert terminal("import", str(tmp_path / "A2" / "j.yaml")).code == 0
    assert terminal("rerun", "j").code == 0
    assert terminal("execution", "j", "--json").out.count(str(tmp_path / "A2")) == 1


def test_a_folder_whose_name_is_no_text_is_refused_with_a_sentence(
    smartspec: Callable[..., Said], tmp_path: Path
) -> None:
    odd = tmp_path / os.fsdecode(b"odd\xff")
    odd.mkdir()
    (odd / "j.yaml").write_text(TEXT)
    for verb in ("import", "run"):
        refused = smartspec(verb, str(odd / "j.yaml"))
        assert refused.code == 2 and "is not UTF-8; rename it" in refused.err
    assert smartspec("list", "--json").json() in ([], {"rows": [], "next": None})
