"""Where a ledger should not lie: in a synchronised folder, behind a network, in the place of a disk not mounted."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from smartspec.messages import _

# Kinds of file systems whose locks or order of writes SQLite cannot rely on (sqlite.org, "How To Corrupt").
_NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "fuse.davfs2", "sshfs",
    "fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse", "9p", "afs", "ceph", "glusterfs", "fuse.glusterfs", "beegfs",
    "lustre", "fuse.s3fs", "fuse.gcsfuse", "fuse.onedriver", "fuse.google-drive-ocamlfuse", "vboxsf",
    "fuse.vmhgfs-fuse",
})  # fmt: skip
# What a program that synchronises leaves in its root, or what its root is called.
_MARKERS = {
    ".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".stfolder": "Syncthing", ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud", ".tmp.drivedownload": "Google Drive",
}  # fmt: skip
_NAMES = {"dropbox": "Dropbox", "onedrive": "OneDrive", "iclouddrive": "iCloud Drive", "icloud drive": "iCloud Drive",
          "google drive": "Google Drive", "googledrive": "Google Drive", "nextcloud": "Nextcloud",
          "owncloud": "ownCloud", "pclouddrive": "pCloud"}  # fmt: skip
_MAC_ROOTS = (("Library", "Mobile Documents", "iCloud Drive"), ("Library", "CloudStorage", _("a cloud's folder")))
_TABLE = Path("/etc/fstab")  # the disks that the system mounts, on Unix
_ONEDRIVE = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")  # variables with its folder, on Windows


def warning(
    folder: Path,
    filesystem: str | None,
    environment: Mapping[str, str],
    exists: Callable[[Path], bool] = lambda path: path.exists(),
) -> str | None:
    """Why a ledger is not safe in a folder, on a file system of this kind; None where nothing speaks against it."""
    if (filesystem or "").lower() in _NETWORK:
        return _(
            "The folder {folder} lies on a network file system ({filesystem}): its locks cannot be relied on, and two "
            "machines that write at once can damage the database. Choose a local folder with --db.",
            folder=folder, filesystem=filesystem,
        )  # fmt: skip
    if keeper := _synchroniser(folder, environment, exists):
        return _(
            "The folder {folder} is synchronised by {keeper}: it may copy the database in the middle of a write, and "
            "put an old copy in its place. Choose a folder outside of it with --db; backups may lie there.",
            folder=folder, keeper=keeper,
        )  # fmt: skip
    return None


def _synchroniser(folder: Path, environment: Mapping[str, str], exists: Callable[[Path], bool]) -> str | None:
    for variable in _ONEDRIVE:
        root = environment.get(variable)
        if root and (folder == Path(root) or Path(root) in folder.parents):
            return "OneDrive"
    for first, second, keeper in _MAC_ROOTS:
        if any(pair == (first, second) for pair in zip(folder.parts, folder.parts[1:], strict=False)):
            return keeper
    for part in folder.parts:
        name = part.lower().partition(" (")[0].partition(" - ")[0]  # “Dropbox (Personal)”, “OneDrive - Contoso”
        if name in _NAMES:
            return _NAMES[name]
    for each in (folder, *folder.parents):
        for marker, keeper in _MARKERS.items():
            if exists(each / marker):
                # a home folder has .dropbox (its settings) without being synchronised
                if marker == ".dropbox" and exists(each / marker / "info.json"):
                    continue
                return keeper
    return None


def filesystem_of(folder: Path) -> str | None:
    """The kind of file system that a folder lies on; None where the system does not tell."""
    if sys.platform.startswith("linux"):
        return _by_mounts(folder, Path("/proc/self/mountinfo"))
    import psutil

    found = [each for each in psutil.disk_partitions(all=True) if _is_below(folder, Path(each.mountpoint))]
    return max(found, key=lambda each: len(each.mountpoint)).fstype if found else None


def _by_mounts(folder: Path, mounts: Path) -> str | None:
    best, kind = -1, None
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        point = _unescaped(fields[4])
        if _is_below(folder, point) and len(point.parts) >= best:
            best, kind = len(point.parts), rest[0]
    return kind


def _unescaped(point: str) -> Path:
    return Path(point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))


def awaits_disk(folder: Path) -> Path | None:
    """The place above a folder where the system is to mount a disk and has not; None where it says nothing of one."""
    try:
        lines = _TABLE.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # only Unix has one, and not every
        return None
    fields = [line.split() for line in lines if not line.lstrip().startswith("#")]
    points = [_unescaped(each[1]) for each in fields if len(each) > 1 and each[1].startswith("/")]
    return next((each for each in points if _is_below(folder, each) and not os.path.ismount(each)), None)


def _is_below(folder: Path, other: Path) -> bool:
    return folder == other or other in folder.parents


def warning_of(folder: Path) -> str | None:
    """As `warning`, of this machine."""
    return warning(folder, filesystem_of(folder), os.environ)
