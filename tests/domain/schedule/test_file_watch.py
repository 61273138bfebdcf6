"""Which files have changed, appeared or been quiet, look by look."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartspec.domain.schedule.events import FileEvent, parse_event
from smartspec.domain.schedule.file_watch import MOST_AT_ONCE, FileStamp, Looked, Place, Sight, fits_name, look

OLD = 1_700_000_000_123_456_789  # long before every look
NOW = 1_800_000_000_000_000_000


def on(expression: str) -> FileEvent:
    event = parse_event(f"file {expression}")
    assert isinstance(event, FileEvent)
    return event


class Watcher:
    """Looks again and again; what happened is kept by the names."""

    def __init__(self, expression: str, sight: Sight) -> None:
        self.event = on(expression)
        self.looked = look(self.event, Looked(None), sight, elapsed_ms=0, now_ns=NOW)
        assert not self.looked.happenings, "what is there at the first look has happened already"

    def looks(self, sight: Sight, after_s: float = 2, *, now_ns: int = NOW, is_first: bool = False) -> list[str]:
        self.looked = look(
            self.event, self.looked, sight, elapsed_ms=round(after_s * 1000), now_ns=now_ns, is_first=is_first
        )
        return [each.name for each in self.looked.happenings]


def folder(files: Mapping[str, FileStamp | int] | None = None, device: int = 1, **rest: object) -> Sight:
    stamps = {name: each if isinstance(each, FileStamp) else FileStamp(OLD + each, each) for name, each in (files or {}).items()}  # fmt: skip
    return Sight(Place.FOLDER, stamps, device, **rest)  # type: ignore[arg-type]


def file(stamp: FileStamp | int) -> Sight:
    return Sight(Place.FILE, {"": stamp if isinstance(stamp, FileStamp) else FileStamp(OLD + stamp, stamp)}, 1)


GONE = Sight(Place.MISSING, {}, 1)


def test_what_appears_happens_once_whatever_becomes_of_it() -> None:
    watcher = Watcher("appeared /in quiet 0s", folder({"old": 1}))
    assert watcher.looks(folder({"old": 2, "new": 1})) == ["new"]
    assert watcher.looks(folder({"old": 2, "new": 5})) == []
    assert watcher.looks(folder({"new": 5})) == watcher.looks(folder({})) == []
    assert watcher.looks(folder({"new": 5})) == ["new"], "it was away, and is back"


def test_what_changes_happens_each_time_and_what_is_new_too() -> None:
    watcher = Watcher("changed /in quiet 0s", folder({"a": 1, "b": 1}))
    assert watcher.looks(folder({"a": 1, "b": 1})) == []
    assert watcher.looks(folder({"a": 2, "b": 1, "c": 1})) == ["c", "a"], "the one that changed first is first"
    assert watcher.looks(folder({"a": 3, "b": 1})) == ["a"]


def test_what_is_written_in_pieces_is_waited_for() -> None:
    watcher = Watcher("appeared /in quiet 30s", folder())
    for size in range(1, 20):
        assert watcher.looks(folder({"a": size}), 10) == []
    assert watcher.looks(folder({"a": 19}), 20) == []
    assert watcher.looks(folder({"a": 19}), 10) == ["a"]
    assert watcher.looks(folder({"a": 19}), 100) == []


def test_what_goes_while_it_is_waited_for_never_happened() -> None:
    watcher = Watcher("changed /in quiet 30s", folder())
    assert [watcher.looks(each, 20) for each in (folder({"a": 1}), folder(), folder({"a": 1}), folder({"a": 1}))] == [
        []
    ] * 4
    assert watcher.looks(folder({"a": 1}), 20) == ["a"]


def test_all_together_are_one_when_nothing_changes_any_more() -> None:
    watcher = Watcher("quiet /in for 10s", folder({"a": 1, "b": 1}))
    assert watcher.looks(folder({"a": 2, "b": 1}), 60) == []
    assert watcher.looks(folder({"a": 2, "b": 1, "c": 3}), 8) == []
    assert watcher.looks(folder({"a": 2, "c": 3}), 8) == watcher.looks(folder({"a": 2, "c": 3}), 9) == []
    assert watcher.looks(folder({"a": 2, "c": 3}), 1) == [""]
    assert watcher.looked.happenings[0].names == ("a", "b", "c")
    assert watcher.looks(folder({"a": 2, "c": 3}), 60) == []
    back = [folder({"a": 2, "c": 3, "x": 1}), folder({"a": 2, "c": 3})]
    assert [watcher.looks(each, 60) for each in back] == [[], []], "it is as it was told of"


def test_one_file_that_changes_may_be_away_meanwhile() -> None:
    watcher = Watcher("changed /f quiet 0s", file(1))
    assert watcher.looks(GONE) == [] and watcher.looked.problem == "missing"
    assert watcher.looks(file(1)) == [] and watcher.looked.problem == ""
    watcher.looks(GONE)
    assert watcher.looks(file(2)) == [""]


def test_one_path_that_appears_appears_each_time_it_comes() -> None:
    watcher = Watcher("appeared /media/disk quiet 0s", GONE)
    disk = folder({"a": 1, "b": 1}, device=7)
    for _time in range(2):
        assert watcher.looks(disk) == [""], "the folder, whatever it holds"
        assert watcher.looks(folder({"a": 1, "b": 1, "c": 2}, device=7)) == ["c"]
        assert watcher.looks(Sight(Place.MISSING, {}, 1)) == [] and watcher.looked.problem == ""


def test_a_folder_that_comes_to_be_has_held_nothing() -> None:
    watcher = Watcher("appeared /in named * quiet 0s", GONE)
    assert watcher.looked.problem == "missing"
    assert watcher.looks(folder({"a": 1})) == ["a"]
    assert watcher.looks(GONE) == [] and watcher.looks(folder({"a": 2})) == ["a"], "it was made anew"
    assert watcher.looks(GONE) == [] and watcher.looks(folder({"a": 2, "b": 1})) == ["b"], "it was moved, and is back"


@pytest.mark.parametrize("empty", [folder(device=1), Sight(Place.MISSING, {}, 1)])
@pytest.mark.parametrize("change", ["appeared", "changed", "quiet"])
def test_a_disk_that_is_not_mounted_loses_nothing(change: str, empty: Sight) -> None:
    quiet = "for 1s" if change == "quiet" else "quiet 1s"
    watcher = Watcher(f"{change} /media/disk/in named * {quiet}", folder({"a": 1, "b": 1}, device=7))
    assert watcher.looks(empty) == [] and watcher.looked.problem == "away"
    both = [watcher.looks(folder({"a": 1, "b": 1}, device=8)) for _time in range(2)]  # another number, the same disk
    assert (both, watcher.looked.problem) == ([[], []], "")
    emptied = [watcher.looks(folder(device=8)) for _time in range(2)]
    assert (emptied, watcher.looked.problem) == ([[], [""] if change == "quiet" else []], ""), (
        "it is mounted, and empty"
    )


@pytest.mark.parametrize(
    ("after", "is_other"),
    [(FileStamp(OLD, 5, 1, 1), False), (FileStamp(OLD, 6, 1, 1), True), (FileStamp(OLD + 1, 5, 1, 1), True),
     (FileStamp(OLD - 1, 5, 1, 1), True), (FileStamp(OLD, 5, 2, 2), True), (FileStamp(OLD, 5, 2, 1), False),
     (FileStamp(OLD, 5, 1, 2), False)],
)  # fmt: skip
def test_what_tells_that_a_file_is_another(after: FileStamp, is_other: bool) -> None:
    """Its time of change back or on, its size, another in its place; no number of an inode alone, and no rights."""
    watcher = Watcher("changed /f quiet 0s", file(FileStamp(OLD, 5, 1, 1)))
    assert watcher.looks(file(after)) == ([""] if is_other else [])


@pytest.mark.parametrize(
    ("modified_ns", "held_ns"), [(NOW, 2_000_000_000), (NOW + 1_000_001, 20_000_000)]
)  # a file system that counts seconds, one that does not
def test_a_second_change_in_the_same_tick_is_waited_for(modified_ns: int, held_ns: int) -> None:
    watcher = Watcher("changed /f quiet 0s", file(1))
    changed = file(FileStamp(modified_ns, 1))
    assert watcher.looks(changed, 0, now_ns=modified_ns + held_ns - 1) == []
    assert watcher.looks(changed, 0, now_ns=modified_ns + held_ns) == [""]


def test_a_clock_that_is_set_back_or_on_changes_no_wait() -> None:
    watcher = Watcher("changed /f quiet 10s", file(1))
    ahead = file(FileStamp(NOW + 3_600_000_000_000, 1))
    assert watcher.looks(ahead, 2, now_ns=NOW) == []
    assert watcher.looks(ahead, 2, now_ns=NOW + 86_400_000_000_000) == [], "a day later by the clock"
    assert watcher.looks(ahead, 8, now_ns=NOW) == [""], "from the future, for who has set it back"


def test_many_are_told_of_in_turns() -> None:
    watcher = Watcher("appeared /in quiet 0s", folder())
    all_ = folder({f"{n:04}": n for n in range(MOST_AT_ONCE * 2 + 7)})
    found = [watcher.looks(all_) for _time in range(4)]
    assert [len(each) for each in found] == [MOST_AT_ONCE, MOST_AT_ONCE, 7, 0]
    assert [*chain(*found)] == sorted(all_.files)


def test_what_cannot_be_told_changes_nothing() -> None:
    watcher = Watcher("changed /in recursive quiet 0s", folder({"sub/a": 1, "b": 1}))
    before = watcher.looked.seen
    assert watcher.looks(Sight(problem="denied")) == []
    assert (watcher.looked.problem, watcher.looked.seen) == ("denied", before)
    assert watcher.looks(folder({"b": 2}, unread=("sub/",))) == ["b"]
    assert watcher.looked.problem == "partly: sub/"
    assert watcher.looks(folder({"sub/a": 1, "b": 2})) == [], "what could not be read has not gone"


def test_what_differed_at_the_first_look_of_a_runner_was_missed() -> None:
    watcher = Watcher("changed /in quiet 5s", folder({"a": 1, "b": 1}))
    watcher.looks(folder({"a": 2, "b": 2}), is_first=True)
    watcher.looks(folder({"a": 2, "b": 3}), 4)
    watcher.looks(folder({"a": 2, "b": 3}), 6)
    assert [(each.name, each.was_missed) for each in watcher.looked.happenings] == [("a", True), ("b", False)]


def test_nothing_new_is_nothing_to_write() -> None:
    for expression in ("changed /in", "appeared /in", "quiet /in", "changed /in named *"):
        watcher = Watcher(expression, folder({"a": 1}))
        before = watcher.looked.seen
        watcher.looks(folder({"a": 1}))
        assert watcher.looked.seen is before, expression


def test_names_are_as_in_a_shell() -> None:
    assert fits_name(on("changed /in"), "a.pdf") and fits_name(on("changed /in named *.pdf"), "a.pdf")
    assert not fits_name(on("changed /in"), ".a.pdf.swp") and not fits_name(on("changed /in named *.pdf"), ".a.pdf")
    assert fits_name(on("changed /in named .*"), ".profile") and not fits_name(on("changed /in named *.pdf"), "a.txt")


names, sizes = st.sampled_from("abc"), st.integers(1, 3)
worlds = st.dictionaries(names, sizes)


@given(st.lists(worlds, min_size=1, max_size=12), st.sampled_from(["appeared", "changed"]))
def test_any_history_is_told_as_a_plain_model_has_it(history: list[dict[str, int]], change: str) -> None:
    watcher = Watcher(f"{change} /in named * quiet 0s", folder(history[0]))
    for before, now in pairwise(history):
        new = {name for name in now if name not in before}
        other = {name for name in now if name in before and before[name] != now[name]} if change == "changed" else set()
        assert {*watcher.looks(folder(now))} == new | other


@given(st.lists(worlds, min_size=2, max_size=12))
def test_whatever_happens_quiet_tells_each_difference_once(history: list[dict[str, int]]) -> None:
    """Each world stands for three looks of 4 s, so it is quiet for the 8 that are asked for; what differs from the
    one that was told of is told."""
    watcher, told = Watcher("quiet /in named * for 8s", folder(history[0])), history[0]
    for now in history[1:]:
        found = [watcher.looks(folder(now), 4) for _time in range(3)]
        assert found == ([[], [], [""]] if now != told else [[], [], []])
        if now != told:
            changed = {name for name in {*now, *told} if now.get(name) != told.get(name)}
            assert {*watcher.looked.happenings[0].names} == changed
        told = now
