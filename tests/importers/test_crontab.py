"""Crontabs: what each line becomes, what is said of it, and the password that is shown first."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from smartspec.commands.definitions import check_all
from smartspec.commands.workflow_sources import Source
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.schedule.rule import parse_rule
from smartspec.importers.crontab import Crontab, CrontabJob, mail_summary, parse_crontab
from smartspec.importers.crontab_names import job_name
from smartspec.importers.crontab_workflow import workflow_source

DATA = Path(__file__).parents[1] / "data" / "crontabs"
RIGHT = yaml.safe_load((DATA / "a.right.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def crontab() -> Crontab:
    return parse_crontab((DATA / "a.crontab").read_text("utf-8"))


def said_of(job: CrontabJob) -> str:
    return " ".join([*job.notes, *job.losses, *job.warnings, str(job.problem)])


def test_every_line_becomes_a_job_and_what_is_said_of_it_is_right(crontab: Crontab) -> None:
    assert len(crontab.jobs) == RIGHT["workflows"]
    found = {job.line: job for job in crontab.jobs}
    assert list(found) == list(RIGHT["lines"])
    for line, right in RIGHT["lines"].items():
        job = found[line]
        if job.problem:
            assert (job.trigger_type, job.expression, job.when) == ("", "", right["cron"])
        else:
            assert job.expression == right.get("cron", right.get("event")), line
        assert {"run": job.run, "stdin": job.stdin} | right == right | {
            "run": right.get("run", job.run),
            "stdin": right.get("stdin", job.stdin),
        }
        for key, texts in (("note", job.notes), ("loss", job.losses)):
            assert list(texts) == ([right[key]] if key in right else []), line
        assert ("uneven" in said_of(job)) == ("warning" in right)
        assert ("never comes" in job.problem) == ("problem" in right)
        assert bool(job.secrets) == ("asked" in right)


def test_so_is_what_is_said_of_the_whole(crontab: Crontab) -> None:
    assert [(each.line, "a comment" in each.reason) for each in crontab.skipped] == [(13, True)]
    assert crontab.variables == RIGHT["variables"]
    assert {job.timezone for job in crontab.jobs} == {""}
    assert mail_summary(crontab) == (
        "Lines 6–15: cron mailed what they printed to ops@example.org; nothing is sent here until a channel is set.",
        "Line 17: cron wrote to nobody.",
    )


@pytest.mark.usefixtures("db")
def test_each_is_a_workflow_without_a_problem(crontab: Crontab) -> None:
    for job in crontab.jobs:
        ((__, checked),) = check_all([Source(job.name, workflow_source(job), "yaml")], WorkspacePk(1))
        assert not checked.errors, (job.line, checked.errors)


def one(text: str) -> CrontabJob:
    (job,) = parse_crontab(text).jobs
    return job


def run_of(job: CrontabJob) -> str:
    script = yaml.safe_load(workflow_source(job))["tasks"]["job"]["run"]
    assert isinstance(script, str)
    return script


@pytest.mark.parametrize(
    ("command", "printed"),
    [("cat%Hello%%the $HOME of `all`%", "Hello\n\nthe $HOME of `all`\n"), ("cat%one line", "one line\n"), ("tr a-z A-Z%END%b", "END\nB\n"),
     ("echo 100\\%", "100%\n"), ("false; echo after", "after\n"), ("cat # a comment%in", "in\n"), ("cat | tr a b%aa%", "bb\n"),
     ("echo '{{.Names}} {\\%'", None), ("printf '[\\%s]' '  two  '", "[  two  ]")],
)  # fmt: skip
def test_the_script_does_what_cron_did(command: str, printed: str | None) -> None:
    job = one(f"* * * * * {command}\n")
    script = run_of(job)
    if printed is None:
        assert script == "echo '{{ '{{' }}.Names}} {{ '{%' }}'"
        return
    done = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == (printed, "")


@pytest.mark.parametrize(
    ("command", "value", "name"),
    [("PGPASSWORD=hunter22 pg_dump shop", "hunter22", "PGPASSWORD"), ("mysqldump -u root -ps3cret shop", "s3cret", "PASSWORD"),
     ("curl -u mira:hunter22 https://example.org", "hunter22", "PASSWORD"), ("wget https://mira:pa55@example.org/x", "pa55", "PASSWORD"),
     ("backup --password=hunter22 now", "hunter22", "PASSWORD"), ("backup --api-key 'abc def' now", "abc def", "API_KEY"),
     ("curl -H 'Authorization: Bearer abcdef123456' https://example.org", "abcdef123456", "PASSWORD"),
     ('RESTIC_PASSWORD="two words" restic backup', "two words", "RESTIC_PASSWORD"), ("git push https://ghp_abcdefghij0123456789@github.com/x", "ghp_abcdefghij0123456789", "PASSWORD")],
)  # fmt: skip
def test_a_password_is_found_and_kept_out(command: str, value: str, name: str) -> None:
    job = one(f"0 1 * * * {command}\n")
    assert [secret.value for secret in job.secrets] == [value]
    source = workflow_source(job)
    assert value not in source
    assert yaml.safe_load(source)["config"] == {name.lower(): {"type": "secret"}}
    given = subprocess.run(
        ["sh", "-c", f"set -- {run_of(job)}\nprintf '%s ' \"$@\""],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={name: value},
    )
    assert value in given.stdout or f"{name}=" in command  # an assignment has become a variable of the task
    assert value in workflow_source(job, keep_secrets=True).replace('\\"', '"')


def test_two_of_them_are_two_settings() -> None:
    job = one("0 1 * * * rsync https://a:first@x.org/ https://b:second@x.org/\n")
    assert run_of(job) == 'rsync https://a:"${PASSWORD}"@x.org/ https://b:"${PASSWORD_2}"@x.org/'
    assert yaml.safe_load(workflow_source(job))["env"] == {
        "PASSWORD": "{{ config.password }}",
        "PASSWORD_2": "{{ config.password_2 }}",
    }


def test_one_in_an_assignment_is_found_too() -> None:
    job = one("DB_PASSWORD=hunter22\n0 1 * * * dump\n")
    assert [(secret.name, secret.variable) for secret in job.secrets] == [("db_password", True)]
    assert yaml.safe_load(workflow_source(job))["env"] == {"DB_PASSWORD": "{{ config.db_password }}"}


@pytest.mark.parametrize(
    "command",
    ["dump --password-file /etc/secret", "PASSWORD=$(cat /etc/secret) dump", 'dump --password "$PW"', "PGPASSFILE=/home/mira/.pgpass pg_dump", "passwd -l mira",
     "ssh -p2222 host", "mkdir -p /tmp/x", "echo tokens: 3", "rsync -a /a mira@host:/b", "git pull https://github.com/x/y"],
)  # fmt: skip
def test_what_holds_none_is_left_alone(command: str) -> None:
    assert one(f"0 1 * * * {command}\n").secrets == ()


@pytest.mark.parametrize(
    ("command", "name"),
    [("/home/mira/bin/backup.sh", "backup"), ("cd /srv/app && ./poll.sh --x", "poll"), ("sudo -u www-data php /var/www/cron.php", "cron"),
     ("flock -n /tmp/a.lock /usr/local/bin/sync", "sync"), ("nice -n 19 ionice -c3 rsync -a a b", "rsync"), ("bash -c 'cd /x; make all'", "make"),
     ("test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }", "run-parts"), ("A=1 B=2 /usr/bin/env python3 /opt/job.py", "job"),
     ("python3 -m http", "http"), ("timeout 30s curl https://example.org", "curl"), ("echo 'open", "echo"), ("[ -d /x ] && find /x", "find"), ("$HOME/bin/x.sh", "x")],
)  # fmt: skip
def test_a_name_is_that_of_the_program(command: str, name: str) -> None:
    assert job_name(command, ()) == name
    assert job_name(command, [name.upper()]) == f"{name} 2"


@pytest.mark.parametrize("between", [" ", "    ", "\t", " \t "])
def test_spaces_or_tabs_stand_behind_the_user(between: str) -> None:
    (job,) = parse_crontab(f"17 *\t* * *\troot{between}cd / && run-parts\n0 1 * * * root\n0 2 * * *\n", True).jobs
    assert (job.user, job.run) == ("root", "cd / && run-parts")


def test_a_system_crontab_has_users() -> None:
    text = "# m h dom mon dow user  command\n17 *\t* * *\troot    cd / && run-parts /etc/cron.hourly\n"
    job = one(text)
    assert (job.user, job.run, job.expression) == ("root", "cd / && run-parts /etc/cron.hourly", "17 * * * *")
    assert "runs as you here" in said_of(job)


def test_zones_quotes_ends_of_lines_and_what_is_no_job() -> None:
    crontab = parse_crontab(
        "\ufeffCRON_TZ=Europe/Berlin\r\nPATH = \"/opt/bin:$PATH\"\r\n'A B' = x\r\n# Every night\r\n@midnight /bin/job\r\nnonsense\r\n1 2 3 4 5\r\n"
        "CRON_TZ=Nowhere/Land\n@Weekly x\n61 * * * * y\n"
    )
    first, weekly, wrong = crontab.jobs
    assert (first.timezone, first.expression, first.description, first.run) == (
        "Europe/Berlin",
        "0 0 * * *",
        "Every night",
        "/bin/job",
    )
    assert first.variables == {"PATH": "/opt/bin:$PATH", "A B": "x"}
    assert (weekly.expression, weekly.timezone) == ("0 0 * * 0", "")
    assert "Nowhere/Land" in said_of(weekly)
    assert (wrong.expression, wrong.trigger_type) == ("", "")
    assert "from 0 to 59" in wrong.problem
    assert [(each.line, each.is_problem) for each in crontab.skipped] == [(2, False), (6, True), (7, True)]


def test_a_shell_that_has_no_here_documents_cannot_hand_over_input() -> None:
    job = one("SHELL=/usr/bin/python3\n* * * * * print(1)%x\n")
    assert "cannot be handed over by /usr/bin/python3" in said_of(job)
    assert run_of(job) == "print(1)"


def test_expressions_are_ones_that_a_schedule_takes(crontab: Crontab) -> None:
    for job in crontab.jobs:
        if job.expression:
            parse_rule(job.trigger_type, job.expression)
