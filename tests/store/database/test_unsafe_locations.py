"""E13, R16: one warning with the reason, where a ledger is not safe; none elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database as verbs
from smartspec.store.database import unsafe_locations
from tests.conftest import Said

HOME = Path("/home/ada")
# Folder, kind of file system, variables, what stands there, and a word of the warning.
UNSAFE = {
    "nfs": (HOME / "x", "nfs4", {}, (), "network"),
    "cifs": (HOME / "x", "cifs", {}, (), "network"),
    "sshfs": (HOME / "x", "fuse.sshfs", {}, (), "network"),
    "smb": (Path("/Volumes/share"), "smbfs", {}, (), "network"),
    "webdav": (HOME / "x", "fuse.davfs2", {}, (), "network"),
    "dropbox by name": (HOME / "Dropbox" / "x", "ext4", {}, (), "Dropbox"),
    "dropbox by what it left": (HOME / "shared" / "x", "ext4", {}, (HOME / "shared" / ".dropbox.cache",), "Dropbox"),
    "onedrive by its variable": (HOME / "work" / "x", "ntfs", {"OneDrive": str(HOME / "work")}, (), "OneDrive"),
    "onedrive of a firm": (Path("/Users/ada/OneDrive - Contoso/x"), "ntfs", {}, (), "OneDrive"),
    "icloud": (Path("/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/x"), "apfs", {}, (), "iCloud"),
    "a cloud of macos": (Path("/Users/ada/Library/CloudStorage/Box-Box/x"), "apfs", {}, (), "cloud"),
    "syncthing": (HOME / "sync" / "deep" / "x", "btrfs", {}, (HOME / "sync" / ".stfolder",), "Syncthing"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNSAFE)
def test_what_is_not_safe_is_said_with_the_reason(case: str) -> None:
    folder, filesystem, variables, there, word = UNSAFE[case]
    found = unsafe_locations.warning(folder, filesystem, variables, lambda path: path in there)
    assert found is not None and word in found and str(folder) in found


@pytest.mark.parametrize(
    "filesystem", ["ext4", "apfs", "ntfs", "btrfs", "xfs", "zfs", "tmpfs", "overlay", "fuseblk", None]
)
def test_local_file_systems_are_no_reason(filesystem: str | None) -> None:
    settings = {HOME / ".dropbox", HOME / ".dropbox" / "info.json"}
    for folder in (HOME / ".local/share/smartspec", Path("/srv/onedrive-export-tools/x"), HOME / "boxes"):
        variables = {"OneDrive": str(HOME / "OneDrive")}
        assert unsafe_locations.warning(folder, filesystem, variables, lambda path: path in settings) is None


def test_this_machine_s_own_folder_has_a_kind(tmp_path: Path) -> None:
    assert unsafe_locations.filesystem_of(tmp_path)


def test_the_first_start_and_the_health_say_it_once(tmp_path: Path, smartspec: Callable[..., Said]) -> None:
    file = tmp_path / "Dropbox" / "x.db"
    assert smartspec("--db", str(file), "list").err.count("synchronised by Dropbox") == 1
    assert smartspec("--db", str(file), "list").err == ""
    health = smartspec("--db", str(file), "--json", "db", "health").json()
    assert health["status"] == "amber" and "Dropbox" in health["findings"][0]


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of the disks that the system mounts: one that is there, one that is not, and what is no disk."""
    file = tmp_path / "fstab"
    file.write_text(
        "# UUID=1 /commented ext4 defaults 0 2\n\nUUID=1 / ext4 errors=remount-ro 0 1\nUUID=2 none swap sw 0 0\n"
        f"UUID=3 {tmp_path}/my\\040disk ext4 noauto 0 2\nodd\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(unsafe_locations, "_TABLE", file)
    return file


def test_no_ledger_is_made_in_the_place_of_a_disk_that_is_not_mounted(tmp_path: Path, table: Path) -> None:
    place = tmp_path / "my disk"
    place.mkdir()
    file = place / "deep" / "x.db"
    with pytest.raises(errors.DatabaseMissing, match=f"to be mounted at {place}: mount it") as caught:
        verbs.open_database(file)
    assert caught.value.exit_code == 66 and list(place.iterdir()) == []
    verbs.new_database(file)
    verbs.close_database()
    verbs.open_database(file)
    verbs.close_database()


def test_a_disk_that_is_there_and_other_folders_are_no_reason(tmp_path: Path, table: Path) -> None:
    assert unsafe_locations.awaits_disk(tmp_path / "my disk" / "deep") == tmp_path / "my disk"
    assert unsafe_locations.awaits_disk(tmp_path / "my disk of others") is None
    assert unsafe_locations.awaits_disk(Path("/commented")) is None
    table.unlink()
    assert unsafe_locations.awaits_disk(tmp_path / "my disk") is None
    verbs.open_database(tmp_path / "my disk" / "x.db")
    verbs.close_database()
