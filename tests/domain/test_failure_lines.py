"""Which lines of a program's output speak of an error."""

from __future__ import annotations

import pytest

from smartspec.domain.failure_lines import lines_with_stems, patterns, speaks_of_error
from smartspec.domain.log_excerpt import error_line

SPEAK = """\
cat: x: No such file or directory
ssh: connect to host nas-2.local port 22: No route to host
bash: line 1: frobnicate: command not found
sh: 1: frobnicate: not found
rm: cannot remove 'x': Is a directory
mkdir: cannot create directory ‘x’: File exists
./run.sh: line 3:  4711 Killed                  python train.py
Killed
Segmentation fault (core dumped)
Out of memory: Killed process 4711 (java)
dd: error writing 'out': No space left on device
cp: error reading 'x': Input/output error
touch: cannot touch '/etc/x': Permission denied
mount: only root can do that: Operation not permitted
curl: (6) Could not resolve host: nas.invalid
curl: (22) The requested URL returned error: 404
HTTP/1.1 503 Service Unavailable
status code: 429
ping: nas.invalid: Name or service not known
psql: could not connect to server: Connection refused
ValueError: bad
requests.exceptions.ConnectTimeout: request timed out
subprocess.TimeoutExpired: Command 'x' timed out after 3 seconds
KeyboardInterrupt
ModuleNotFoundError: No module named 'yaml'
fatal: not a git repository (or any of the parent directories): .git
! [rejected]        main -> main (non-fast-forward)
CONFLICT (content): Merge conflict in a.txt
E: Unable to locate package frobnicate
E1126 07:00:00.000000 4711 server.go:12] it went away
npm ERR! missing script: build
panic: runtime error: index out of range [3] with length 3
thread 'main' panicked at src/main.rs:3:5:
error[E0382]: borrow of moved value: `x`
Caused by: java.io.IOException: it is gone
Exception in thread "main" java.lang.IllegalStateException: no
main.c:(.text+0x9): undefined reference to `frobnicate'
main.c:3:5: error: expected ';' before 'return'
make: *** [Makefile:3: all] Error 2
make: *** No rule to make target 'frob'.  Stop.
bash: x: unbound variable
tar: unrecognized option '--frob'
ls: invalid option -- 'K'
cp: missing file operand
not ok 3 - adds up
--- FAIL: TestAdd (0.00s)
FAILED tests/test_a.py::test_a - assert 1 == 2
2 errors generated.
level=error msg="it went away"
{"level": "error", "errors": 2}
failed=2
rsync: connection unexpectedly closed (0 bytes received so far) [sender]
rsync error: unexplained error (code 255) at io.c(235)
Terraform exited with status 1
command returned non-zero exit status 3
no matching distribution found for frob
ERR wrong number of arguments
CRITICAL the disk is nearly full
Datei oder Verzeichnis nicht gefunden
Schwerer Fehler
erreur : le fichier est introuvable
cat: x: Нет такого файла или каталога
错误：没有那个文件或目录
下载失败
エラーが発生しました
오류가 발생했습니다""".splitlines()
SILENT = """\
0 errors
0 errors, 0 warnings
no errors found
Found no errors
without errors
error_count=0
errors: 0
"errors": [],
{"error": null, "rows": 3}
error: none
failed=0
0 failed, 12 passed
0 tests failed
finished with 0 failures
no known problems
exit code 0
exited with status 0
HTTP/1.1 200 OK
status code: 204
copying errors.py
writing /var/log/error.log
gcc -Werror -o main main.c
cc --error-limit 5
Compiling thiserror v1.0.1
Compiling failure v0.1.8
checking for error_at_line... no
test errors::parse ... ok
test_error_handling PASSED
✓ handles errors
ok 3 - fails on bad input
retry on failure is off
on error it goes on
error handling is set up
terror and mirrors
everything is fine
copied 3 files
the failover is ready
\tat org.frob.ErrorHandler.handle(ErrorHandler.java:5)""".splitlines()


@pytest.mark.parametrize("line", SPEAK)
def test_a_line_speaks_of_an_error(line: str) -> None:
    assert speaks_of_error(line.encode())


@pytest.mark.parametrize("line", SILENT)
def test_a_line_speaks_of_none(line: str) -> None:
    assert not speaks_of_error(line.encode())


def test_no_line_that_speaks_of_an_error_is_missed_in_a_piece_of_a_log() -> None:
    lines = [line for pair in zip(SPEAK, (SILENT * 2)[: len(SPEAK)], strict=True) for line in pair]
    data = "\n".join(lines).encode() + b"\n"
    offsets, at = dict[int, str](), 0
    for line in lines:
        offsets[at] = line
        at += len(line.encode()) + 1
    found = lines_with_stems(data)
    assert found == sorted(found)
    assert {offsets[each] for each in found} >= set(SPEAK)


def test_a_stem_stands_in_every_line_that_its_pattern_finds() -> None:
    assert all(stem == stem.lower() for stem in patterns())


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("a\nfatal: no\nTraceback\n  File x\nValueError: bad\ncleaned up\n", "ValueError: bad"),
        ("start\ncat: x: No such file or directory\nbye\n", "cat: x: No such file or directory"),
        ("one\ntwo\n", "two"),
        ("main.c:3: error: no\nmake: *** [Makefile:3: all] Error 2\n", "main.c:3: error: no"),
        ("make: *** [Makefile:3: all] Error 2\n", "make: *** [Makefile:3: all] Error 2"),
        ('Traceback (most recent call last):\n  File "a", line 1, in <module>\n    x()\nfrob.Gone: it went\n',
         "frob.Gone: it went"),
        ("Exception in thread \"main\" a.B: x\n\tat a.B.c(B.java:3)\nCaused by: a.C: y\n\tat a.C.d(C.java:4)\n",
         "Caused by: a.C: y"),
        ("error[E0382]: borrow\n --> src/main.rs:4:5\n\nerror: could not compile `x` due to 1 previous error\n",
         "error[E0382]: borrow"),
        ("error: disk full\n0 errors left\n}\n", "error: disk full"),
        ("ssh: No route to host\nrsync: connection unexpectedly closed\nrsync error: unexplained error (code 255)\n",
         "ssh: No route to host"),
        ("错误：磁盘已满\n完毕\n", "错误：磁盘已满"),
        ("1%\r50%\rlast words", "last words"),
        ("\x1b[31merror: red\x1b[0m\nbye", "error: red"),
    ],
)  # fmt: skip
def test_the_line_that_says_why(said: str, line: str) -> None:
    assert error_line(said) == line


def test_what_said_nothing_has_no_line() -> None:
    assert error_line(" \n\n") is None
    assert error_line("---\n***") is None
