"""`schedule import-crontab`: what cron does, taken over line by line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from smartspec.cli.echo import confirm, echo
from smartspec.cli.options import command
from smartspec.cli.output import show
from smartspec.cli.session import closed_session, session
from smartspec.commands import crontabs
from smartspec.commands.crontabs import ImportedJob
from smartspec.errors import Conflict, Invalid, reason
from smartspec.importers.crontab import Crontab, CrontabJob, mail_summary
from smartspec.messages import _, sentences, tr, translate, trn


@command("import-crontab")
@click.argument("file", required=False, metavar="[FILE|-]", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Only say what would become of each line.")
@click.option("--system", is_flag=True, help="Commands stand behind the name of a user, as in /etc/crontab.")
@click.option("--pack", default="cron", show_default=True, help="Where the workflows are put.")
@click.option("--keep-passwords", is_flag=True, help="Store passwords of its lines as they stand there.")
def import_crontab_command(
    file: Path | None, dry_run: bool, system: bool, pack: str, keep_passwords: bool
) -> None:  # fmt: skip
    """Take over a crontab, by default yours: each line as a workflow and a schedule, with what is otherwise or lost.

    Nothing in the crontab is changed, so the schedules are paused: resume each once cron's line is off.

    \b
    Examples:
      smartspec schedule import-crontab --dry-run
      smartspec schedule import-crontab old.crontab --pack server
    """
    text, has_user = _read(file), True if system else None
    found = crontabs.preview_crontab(text, has_user)
    if not closed_session().json:
        echo("\n".join(_report(found, keep_passwords)))
    if dry_run:
        show(found, tr("Nothing was made."))
        return
    if any(job.secrets for job in found.jobs) and sys.stdin.isatty() and not closed_session().json:
        confirm(tr("Go on like this?"))
    here = session().workspace
    try:
        made = crontabs.import_crontab(
            text, has_user=has_user, keep_passwords=keep_passwords, pack=pack, workspace=here
        )  # fmt: skip
    except Conflict as error:
        elsewhere = _("Nothing was made; `--pack NAME` puts them into another one.")
        raise Conflict(sentences([error.sentence, elsewhere])) from error
    show(made, "\n".join(_done(made)))


def _read(file: Path | None) -> str:
    """Raises Invalid for what cannot be read."""
    try:
        if file is None:
            listed = subprocess.run(["crontab", "-l"], capture_output=True, check=True, stdin=subprocess.DEVNULL)
            return listed.stdout.decode()
        return sys.stdin.buffer.read().decode() if str(file) == "-" else file.read_bytes().decode()
    except FileNotFoundError:
        if file is not None:
            raise Invalid(_("There is no file {file}.", file=file)) from None
        raise Invalid(_("There is no cron here; name a file: smartspec schedule import-crontab FILE")) from None
    except subprocess.CalledProcessError as error:
        raise Invalid(_("cron lists no crontab: {why}", why=error.stderr.decode(errors="replace").strip())) from None
    except OSError as error:
        raise Invalid(_("The crontab cannot be read: {why}.", why=reason(error))) from None
    except UnicodeDecodeError:
        raise Invalid(_("The crontab is no text in UTF-8.")) from None


def _report(found: Crontab, keeps_passwords: bool) -> Iterator[str]:
    """Lines that look as if they held a password come first."""
    for job in sorted(found.jobs, key=lambda job: not job.secrets):
        yield tr("{line}: {name}  {when}  {command}", line=job.line, name=job.name, when=job.when, command=job.run)
        for said in (*job.notes, *job.losses, *job.warnings):
            yield f"    {translate(said)}"
        if job.problem:
            yield "    " + tr("{problem} The workflow is made without a schedule.", problem=job.problem)
        yield from _of_secrets(job, keeps_passwords)
    for skipped in found.skipped:
        yield tr("{line}: left out: {why}", line=skipped.line, why=skipped.reason)
    yield from map(translate, mail_summary(found))


def _of_secrets(job: CrontabJob, keeps_passwords: bool) -> Iterator[str]:
    for secret in job.secrets:
        if keeps_passwords:
            yield "    " + tr("“{value}” looks like a password, and is stored as it stands", value=secret.value)
        else:
            yield "    " + tr(
                "“{value}” looks like a password: it is left out, and becomes the secret “{name}”",
                value=secret.value, name=secret.name,
            )  # fmt: skip


def _done(made: tuple[ImportedJob, ...]) -> Iterator[str]:
    scheduled = sum(each.schedule is not None for each in made)
    yield trn("{n} workflow was made.", "{n} workflows were made.", len(made))
    yield trn(
        "{n} schedule is paused; resume it once cron's line is off: {command}",
        "{n} schedules are paused; resume each once cron's line is off: {command}",
        scheduled, command="smartspec schedule resume NAME",
    )  # fmt: skip
    for each in made:
        for name in each.secrets:
            yield tr("Set its password: {command}", command=f"smartspec config set {each.ref} {name}")
