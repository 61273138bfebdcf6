"""R42, R45: a secret through a whole life is found nowhere; a whole session opens no socket to anywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.clock import measured, until
from tests.conftest import ROOT, Said

CANARY = "c4n4ry-0f-th3-m1ne"
PLAIN = "pl4in-v4lue-0f-th3-s4me-l1fe"
LIFE = """
smartspec: 1
name: life
config: {{token: {{type: {kind}{default}}}}}
env: {{TOKEN: "{{{{ config.token }}}}"}}
tasks:
  whole: {{run: 'echo "token $TOKEN"; echo "err $TOKEN" >&2'}}
  split: {{run: 'for i in 1 2 3; do printf "%s" "$(printf %s "$TOKEN" | cut -c$((i*6-5))-$((i*6)))"; sleep 0.15; done; echo'}}
  output: {{run: 'echo "t=$TOKEN" >> "$SMARTSPEC_OUTPUT"; echo "url=x?k=$TOKEN" >> "$SMARTSPEC_OUTPUT"'}}
  python: {{python: "import time; time.sleep(0.3); raise ValueError('bad ' + word)", input: {{word: "{{{{ config.token }}}}"}}, continue_on_error: true}}
  http:
    http: {{url: "http://127.0.0.1:{port}/", headers: {{Authorization: "Bearer {{{{ config.token }}}}"}}, json: {{k: "{{{{ config.token }}}}"}}}}
    outputs: {{body: "{{{{ result.body }}}}", echoed: "{{{{ result.headers['x-echo'] }}}}"}}
  fails: {{needs: [whole, split, output, http], run: 'echo "failing with $TOKEN"; exit 3', retry: {{max: 1, delay: 0}}}}
handlers: {{failure: {{run: 'echo "handler $TOKEN $SMARTSPEC_ERROR"'}}}}
"""


class Echo(BaseHTTPRequestHandler):
    """Gives back what it is sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("X-Echo", self.headers["Authorization"])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Watch:
    """Looks at the list of processes until it is told to stop."""

    def __init__(self, word: str) -> None:
        self.seen: list[str] = []
        self._word, self._over = word, threading.Event()
        self._thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        while not self._over.wait(0.03):
            listed = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True).stdout
            self.seen += [line for line in listed.splitlines() if self._word in line]

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def files_with(folder: Path, word: str) -> list[str]:
    forms = [word.encode(), word.encode("utf-16-le")]
    return [
        str(file) for file in folder.rglob("*") if file.is_file() and any(form in file.read_bytes() for form in forms)
    ]


def live(home: Path, tmp_path: Path, port: int, *, secret: bool) -> str:
    """A whole life with a value, as a secret or not; the answer is all that was shown."""
    word = CANARY if secret else PLAIN
    kind, default = ("secret", "") if secret else ("string", ", default: none")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHON_KEYRING_BACKEND": "tests.keyring_in_a_file.FileKeyring",
        "TEST_KEYRING_FILE": str(tmp_path / "keyring.json"),
    }  # fmt: skip
    shown = []

    def say(*arguments: str, stdin: str | None = None, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "smartspec", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            env={**environment, **more},
            timeout=100,
        )
        shown.append(done.stdout + done.stderr)
        return done.stdout

    (tmp_path / "life.yaml").write_text(LIFE.format(kind=kind, default=default, port=port))
    say("import", str(tmp_path / "life.yaml"))
    if secret:
        say("config", "set", "life", "token", stdin=word)
    else:
        say("config", "set", "life", "token", word)
    say("run", "life")
    say("rerun", "life")
    say("run", "life", SMARTSPEC_SECRET_LIFE_TOKEN=word)
    _kill_a_runner(environment)
    say("resume", "life")
    say("replay", "life#1")
    for verb in ("execution", "tasks", "events", "logs", "compare"):
        say(verb, "life#1") if verb != "compare" else say(verb, "life#1", "life#2")
        say("--json", verb, "life#1") if verb not in ("logs", "compare") else None
    for words in (("config", "list", "life"), ("config", "get", "life", "token"), ("config", "list", "life", "--history"), ("export", "life"),
                  ("--json", "show", "life"), ("versions", "life", "--audit"), ("history", "token"), ("db", "backup"), ("db", "health"), ("stats",)):  # fmt: skip
        say(*words)
    variable = "SMARTSPEC_SECRET_WORD" if secret else "PLAIN_WORD"
    recorded = subprocess.run(
        [sys.executable, "-m", "smartspec", "record", "--name", "r", "--", "sh", "-c", f'echo "recorded ${variable}"'],
        env={**environment, variable: word}, capture_output=True, text=True,
    )  # fmt: skip
    assert recorded.stdout == f"recorded {word}\n"
    for lines in (300, 5_000):  # more than goes into a row; more than goes into the file that tasks share
        script = f'for i in $(seq {lines}); do echo "recorded ${variable}"; done'
        command = [sys.executable, "-m", "smartspec", "record", "--name", "long", "--", "sh", "-c", script]
        subprocess.run(command, env={**environment, variable: word}, stdout=subprocess.DEVNULL, check=True)
    say("logs", "r")
    return "\n".join(shown)


def _kill_a_runner(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "smartspec", "run", "life"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None and process.stdout.readline()  # what a task wrote: it runs
    process.kill()
    process.communicate()


def test_a_secret_through_a_whole_life_is_found_nowhere(home: Path, tmp_path: Path, port: int) -> None:
    """R42. Not in the files, not in what is shown, not in the list of processes."""
    with Watch(CANARY) as watch:
        shown = live(home, tmp_path, port, secret=True)
    assert "failing with ******" in shown and "handler ******" in shown and '"******"' in shown
    assert CANARY in (tmp_path / "keyring.json").read_text()
    assert files_with(home, CANARY) == []
    assert CANARY not in shown
    assert watch.seen == []
    # split in three, a part of a third of it each: not even two of them stand together
    assert files_with(home, CANARY[:12]) == [] and files_with(home, CANARY[6:]) == []


def test_negative_control_what_is_no_secret_is_found_everywhere(home: Path, tmp_path: Path, port: int) -> None:
    with Watch(PLAIN) as watch:
        shown = live(home, tmp_path, port, secret=False)
    found = files_with(home, PLAIN)
    kinds = {"database" if "smartspec.db" in file else "backup" if "/backups/" in file else "log" for file in found}
    assert (
        kinds == {"database", "backup", "log"}
        and len([file for file in found if file.endswith(".log")]) == 2
        and PLAIN in shown
        and watch.seen
    )


def test_masking_holds_nothing_back_for_long(smartspec: Callable[..., Said], tmp_path: Path, home: Path) -> None:
    """What may be the beginning of a secret is in the log within 200 ms."""
    script = f"printf 'ask {CANARY[:3]}'; sleep 300"
    process = subprocess.Popen(
        [sys.executable, "-m", "smartspec", "record", "--name", "p", "--", "sh", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT), "SMARTSPEC_SECRET_X": CANARY},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None and os.read(process.stdout.fileno(), 100)

    def is_written() -> bool:
        logs = [*home.rglob("*.live")]
        written = logs[0].read_bytes() if logs else b""  # in frames
        return b"ask " in written and written.endswith(CANARY[:3].encode())

    with measured("held back", 0.25):
        until(is_written)
    assert process.poll() is None  # not let out by its end
    process.kill()
    process.communicate()


# R45

SESSION = (
    ("import", "{file}"), ("check", "{file}"), ("run", "w", "-p", "n=1"), ("run", "--detach", "w"), ("runner", "--until-idle"), ("history", "status:completed"),
    ("execution", "w"), ("logs", "w"), ("compare", "w#1", "w#2"), ("replay", "w#1"), ("config", "set", "w", "k", "v"), ("record", "--name", "r", "--", "true"),
    ("db", "backup"), ("db", "health"), ("metrics",), ("call", "get_database_stats"),
)  # fmt: skip
STRACE = shutil.which("strace")


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
def test_a_session_opens_no_socket_to_anywhere(home: Path, tmp_path: Path, file: Callable[[str, str], Path]) -> None:
    """R45. Every system call of the program and all that it starts."""
    path = file(
        "w.yaml",
        "smartspec: 1\nname: w\nparams: {type: object, properties: {n: {type: integer, default: 0}}}\ntasks: {a: {run: 'echo hello'}}\n",
    )
    families = [
        family for words in SESSION for family in sockets(tmp_path, *(word.format(file=path) for word in words))
    ]
    assert set(families) <= {"AF_UNIX"}, families


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
def test_negative_control_a_task_that_asks_the_network_is_seen(
    home: Path, tmp_path: Path, file: Callable[[str, str], Path]
) -> None:
    path = file(
        "w.yaml", "smartspec: 1\nname: w\ntasks: {a: {http: {url: 'http://127.0.0.1:9/'}, continue_on_error: true}}\n"
    )
    assert "AF_INET" in sockets(tmp_path, "run", str(path))


def sockets(tmp_path: Path, *arguments: str) -> list[str]:
    """The families of the sockets that a call of the program opened."""
    trace = tmp_path / "trace"
    subprocess.run(
        [str(STRACE), "-f", "-q", "-e", "trace=socket", "-o", str(trace), sys.executable, "-m", "smartspec", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=100,
    )  # fmt: skip
    if not trace.exists():
        pytest.skip("strace may not trace here")
    return re.findall(r"socket\((AF_\w+)", trace.read_text())


def test_a_secret_with_quotes_and_line_breaks_is_masked_as_a_whole(
    smartspec: Callable[..., Said], file: Callable[[str, str], Path]
) -> None:
    path = file(
        "w.yaml",
        "smartspec: 1\nname: w\nconfig: {t: {type: secret}}\ntasks: {a: {run: 'echo \"$T\"', env: {T: '{{ config.t }}'}}}\n",
    )
    said = smartspec("--json", "run", str(path), SMARTSPEC_SECRET_T='two"lines\nof-a-secret')
    assert said.code == 0 and json.loads(said.out)["status"] == "completed"
    assert smartspec("logs", "w", "a").out == "******\n"
