"""A real manager of a user's services: systemd, in a world of its own where it can see no other and all ends with it.

This file is also what runs in there: it starts the manager, then the commands that it reads, a line of JSON each.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from tests.clock import until
from tests.conftest import ROOT

MANAGER = Path("/usr/lib/systemd/systemd")
_GROUPS = Path("/sys/fs/cgroup")
_READY_S = 60


def _unshare() -> list[str] | None:
    """How a world is made in which we are root, over processes and what is mounted; None where that is not allowed."""
    tool = shutil.which("unshare")
    if tool is None or not MANAGER.is_file():
        return None
    mapped = [] if os.getuid() == 0 else ["--map-root-user"]
    command = [tool, *mapped, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    tried = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True)
    return command if tried.returncode == 0 else None


def _control_groups(name: str) -> list[Path]:
    """The groups of this name below those that this process is in: one in each hierarchy (cgroups(7))."""
    found = []
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _number, controllers, path = line.split(":", 2)
        hierarchy = controllers.removeprefix("name=") or "unified"
        mounted = [_GROUPS / hierarchy, *([_GROUPS] if hierarchy == "unified" else [])]
        below = next((each for each in mounted if (each / "cgroup.procs").exists()), None)
        found += [below / path.strip("/") / name] if below is not None else []
    return found


def _enter_groups(name: str) -> None:
    """A manager takes along whoever is in its group: it has groups of its own. Raises OSError.

    One that nobody can enter before it has its processors (cpuset) is none that it manages.
    """
    for each in _control_groups(name):
        each.mkdir()
        try:
            (each / "cgroup.procs").write_text("0", encoding="ascii")  # whoever writes it
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def _leave_groups(groups: Iterable[Path]) -> None:
    """Once nobody is in them any more."""
    for group in groups:
        for each in sorted(filter(Path.is_dir, [group, *group.rglob("*")]), reverse=True):
            until(lambda each=each: _is_removed(each))  # type: ignore[misc]


def _is_removed(group: Path) -> bool:
    with suppress(OSError):
        group.rmdir()
    return not group.exists()


class UserManager:
    """`call` runs a command where the manager is; `close` ends everything that runs there."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = _unshare()
        self.is_possible = command is not None
        name = f"smartspec-test-{uuid4().hex}"
        self._groups = _control_groups(name)
        if command is not None:
            self._world = subprocess.Popen(
                [*command, sys.executable, "-m", "tests.user_manager", name],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self.is_possible = self._read() == "ready"

    def call(self, *command: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        assert self._world.stdin is not None
        print(json.dumps(command), file=self._world.stdin, flush=True)
        code, out, err = json.loads(self._read())
        return code, out, err

    def _read(self) -> str:
        assert self._world.stdout is not None
        return self._world.stdout.readline().strip()

    def close(self) -> None:
        world = getattr(self, "_world", None)
        if world is not None:
            world.kill()
            world.communicate()
        _leave_groups(self._groups)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def _is_ready() -> bool:
    deadline = time.monotonic() + _READY_S
    while _run(["systemctl", "--user", "show", "--property=Version"]).returncode:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _serve(name: str) -> None:
    try:
        _enter_groups(name)
    except OSError:
        print("no groups", flush=True)
        return
    runtime = Path("/run/user") / str(os.getuid())
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    Path("/run/systemd/system").mkdir(parents=True)  # sd_booted(3) asks for it
    runtime.mkdir(parents=True, mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    subprocess.Popen([MANAGER, "--user", "--log-target=null"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print("ready" if _is_ready() else "no manager", flush=True)
    for line in sys.stdin:
        done = _run(json.loads(line))
        print(json.dumps([done.returncode, done.stdout, done.stderr]), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
