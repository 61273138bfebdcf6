"""Set up a fresh machine, then do one thing: `python3 packaging run | test | …` (CONTRIBUTING.md lists them).

Everything it installs goes into `.venv` in this checkout, from the pins in this folder; on Debian and
Ubuntu also the system packages that it names, when they are missing and it may. Standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SHIPPED, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
QT_LIBRARIES = [
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libdbus-1-3",
    "libfontconfig1",
]
# What makes a window runs in one process, one test after another; beside it the rest, a process a core.
WITH_WINDOWS = ("tests/gui", "tests/faults/test_window.py")
COVERED = ("--cov", "--cov-report=")
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "8", "--dist", "loadfile", "--no-loadscope-reorder")
CHECKS = (
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "ruff", "check", "."),
    ("-m", "mypy"),
    ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
)
TEST_TOOLS = [
    "strace",
    "xvfb",
    "xauth",
    "openbox",
    "xdotool",
    "imagemagick",
    "tesseract-ocr",
    "desktop-file-utils",
    "faketime",
    "dbus",
]


def say(line: str) -> None:
    print(f"packaging: {line}", file=sys.stderr, flush=True)


def install_system_packages(names: list[str]) -> bool:
    """By apt-get when that is there and allowed, else print the line to run. True: they are there now."""
    line = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(line)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False, stdout=subprocess.DEVNULL)
        return subprocess.run(line.split(), env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0
    say(f"some system packages are missing; install them with:  sudo {line}")
    return False


def need_system_packages(names: list[str]) -> None:
    """What stays missing stops nothing: without Qt's libraries no window opens, without a tool its tests skip."""
    if not shutil.which("dpkg-query"):
        return
    query = ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *names]
    listed = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    missing = [name for name in names if f"{name} install ok installed" not in listed]
    if missing:
        install_system_packages(missing)


def need_virtual_environment() -> None:
    if works(PYTHON):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        if not install_system_packages(["python3-venv"]):
            sys.exit(1)
    say(f"making a virtual environment in {VENV}")
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def works(python: Path) -> bool:
    return python.exists() and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def need_requirements(name: str) -> None:
    """Install the pins of a lock file and this checkout, unless they are there (those of development are all)."""
    if is_installed(name) or is_installed(DEVELOPMENT):
        return
    say(f"installing what {name} pins")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    for arguments in (["-r", str(ROOT / "packaging" / name)], ["--no-deps", "--editable", str(ROOT)]):
        if subprocess.run([*pip, *arguments]).returncode:
            sys.exit("packaging: the installation failed; the first time it needs the package index.")
    stamp(name).write_text(state(name))


def is_installed(name: str) -> bool:
    return stamp(name).exists() and stamp(name).read_text() == state(name)


def stamp(name: str) -> Path:
    return VENV / f"{name}.installed"


def state(name: str) -> str:
    """What tells this very set of pins, in this checkout, from every other."""
    files = [ROOT / "packaging" / SHIPPED, ROOT / "packaging" / name, ROOT / "pyproject.toml"]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files) + str(ROOT).encode()).hexdigest()


def python(*arguments: str, **environment: str) -> int:
    process = subprocess.Popen([str(PYTHON), *arguments], cwd=ROOT, env={**os.environ, **environment})
    wait_for(process)
    return exit_code(process)


def wait_for(process: subprocess.Popen[bytes]) -> None:
    """To its end, after Ctrl-C too, which it got as well: it tidies up first. Raises KeyboardInterrupt then."""
    interrupt = None
    while process.returncode is None:
        try:
            process.wait()
        except KeyboardInterrupt as error:
            interrupt = error
    if interrupt is not None:
        raise interrupt


def exit_code(ended: subprocess.Popen[bytes]) -> int:
    """As shells count: of one that a signal ended it is not negative, so that it is the greatest of several."""
    return ended.returncode if ended.returncode >= 0 else 128 - ended.returncode


@contextmanager
def python_beside(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """It runs beside the block and is waited for; what it prints comes after what the block prints."""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [str(PYTHON), *arguments], cwd=ROOT, env={**os.environ, **environment},
            stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield process
        finally:
            try:
                wait_for(process)
            finally:  # interrupted it says how far it came
                printed.seek(0)
                shutil.copyfileobj(printed, sys.stdout.buffer)
                sys.stdout.flush()


def run() -> int:
    prepare(SHIPPED)
    return python("-m", "smartspec", "demo")


def check() -> int:
    """Format, lint, types and layers, all of them even when one fails."""
    prepare(DEVELOPMENT)
    return max(python(*each) for each in CHECKS)


def test() -> int:
    """Every check, all of them even when one fails."""
    prepare(DEVELOPMENT)
    need_system_packages(TEST_TOOLS)
    checked = max(python(*each) for each in CHECKS)
    return max(checked, python("-m", "pytest", *sys.argv[2:]) if sys.argv[2:] else tests())


def tests() -> int:
    """All of them, in two runs beside one another that count what they cover together."""
    elsewhere = [f"--ignore={path}" for path in WITH_WINDOWS]
    windows = ".coverage-windows"  # nothing that `.coverage.*` finds: pytest-cov takes that
    with python_beside("-m", "pytest", *WITH_WINDOWS, *COVERED, COVERAGE_FILE=windows) as beside:
        codes = [python("-m", "pytest", *SIDE_BY_SIDE, *elsewhere, *COVERED)]
    codes.append(exit_code(beside))
    codes.append(python("-m", "coverage", "combine", "--quiet", "--append", windows))
    codes.append(python("-m", "coverage", "report", "--skip-covered", "--fail-under=90"))
    return max(codes)


def bench() -> int:
    prepare(DEVELOPMENT)
    return python("tests/benchmarks", *sys.argv[2:])


def faults() -> int:
    """The fault tests with their full counts."""
    prepare(DEVELOPMENT)
    need_system_packages(TEST_TOOLS)
    return python("-m", "pytest", "--timeout=3600", "tests/faults", *sys.argv[2:], SMARTSPEC_FAULTS="full")


def pictures() -> int:
    """Every page of the window as a picture, into the folder that is named."""
    prepare(DEVELOPMENT)
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "pictures").absolute()
    return python("tests/window/pictures.py", str(folder))


def docs() -> int:
    """The lists of `docs/commands.md`, made anew from the program."""
    prepare(DEVELOPMENT)
    return python("tests/docs/commands_page.py")


def translations() -> int:
    """Every text of the code into the catalogues, and these compiled; `--check` tells whether they are up to date."""
    prepare(DEVELOPMENT)
    return python("packaging/translations.py", *sys.argv[2:])


def system_packages() -> int:
    """The names of those of Debian and Ubuntu that it would install, on one line."""
    print(*QT_LIBRARIES, *TEST_TOOLS)
    return 0


def prepare(requirements: str) -> None:
    if sys.version_info < (3, 11):
        sys.exit("packaging: SmartSpec needs Python 3.11 or newer.")
    os.environ |= {"PIP_CACHE_DIR": str(VENV / "cache"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    need_virtual_environment()
    need_requirements(requirements)
    need_system_packages(QT_LIBRARIES)


COMMANDS: dict[str, Callable[[], int]] = {
    "run": run, "check": check, "test": test, "faults": faults, "bench": bench, "pictures": pictures, "docs": docs,
    "translations": translations, "system-packages": system_packages,
}  # fmt: skip

if __name__ == "__main__":
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        sys.exit(f"usage: python3 packaging {' | '.join(COMMANDS)}")
    try:
        sys.exit(command())
    except KeyboardInterrupt:
        sys.exit(130)
