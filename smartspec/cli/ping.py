"""`ping`: a web address is asked for when an execution begins, completes or fails, so that silence is noticed."""

from __future__ import annotations

import sys

import click

from smartspec.cli.options import WORKFLOW, Group, command
from smartspec.cli.output import moment, show
from smartspec.cli.session import session
from smartspec.commands import pings
from smartspec.domain.ping import LastPing, Ping, PingKind, kind_in_text, source_in_text, why_not
from smartspec.errors import RunError
from smartspec.messages import _, tr, translate


@click.group("ping", cls=Group)
def ping_group() -> None:
    """Tell a web address that a workflow began, completed or failed: a service there notices when it is silent.

    Off until an address is given, for each workflow. As healthchecks.io has it: ADDRESS is asked for when an execution
    completes, ADDRESS/start when it begins, ADDRESS/fail when it fails. A ping is a GET without a body, and names
    nothing; it follows no redirect to another host, takes 5 s at most, and changes nothing where it fails. Each is an
    event of its execution.
    """


@command("set")
@click.argument("ref", metavar="WORKFLOW", type=WORKFLOW)
@click.option("--variable", metavar="NAME", help="The address is in this variable of whoever starts an execution.")
def ping_set_command(ref: str, variable: str | None) -> None:
    """Send pings of a workflow from now on. The address is asked for, or piped in: it is a secret, kept by the keyring.

    \b
    Examples:
      smartspec ping set nightly
      pass show nightly-ping | smartspec ping set nightly
      smartspec ping set nightly --variable NIGHTLY_PING
    """
    workspace = session().workspace
    url = None if variable is not None else _address()
    made = pings.set_ping(ref, url, variable=variable, workspace=workspace)
    told = tr("“{ref}” sends pings from now on; `{command}` tries it.", ref=made.ref,
              command=f"smartspec ping test {made.ref}")  # fmt: skip
    show(made, told)


def _address() -> str:
    """Typed without being shown, or what is piped in."""
    if sys.stdin.isatty():
        return str(click.prompt(tr("Web address"), hide_input=True, err=True)).strip()
    return sys.stdin.read().strip()


@command("show")
@click.argument("ref", metavar="WORKFLOW", type=WORKFLOW)
def ping_show_command(ref: str) -> None:
    """Whether a workflow sends pings, where the address is, and what became of the last. The address is never shown.

    \b
    Example:
      smartspec ping show nightly
    """
    found = pings.get_ping(ref, session().workspace)
    show(found, _told(found))


def _told(ping: Ping) -> str:
    if ping.source is None:
        return tr("“{ref}” sends no pings; `{command}` begins.", ref=ping.ref,
                  command=f"smartspec ping set {ping.ref}")  # fmt: skip
    where = source_in_text({"source": ping.source.value, "variable": ping.variable})
    lines = [tr("“{ref}” sends pings; the address is {where}.", ref=ping.ref, where=where)]
    lines.append(_last(ping.last) if ping.last is not None else tr("None was sent yet."))
    return "\n".join(lines)


def _last(last: LastPing) -> str:
    said = {
        "kind": kind_in_text(last.kind), "when": moment(last.at),
        "of": last.execution or _("a test"), "why": why_not(last.reason or ""),
    }  # fmt: skip
    if last.reason is None:
        return tr("Last: {kind}, {when}, {of}; it was answered.", **said)
    return tr("Last: {kind}, {when}, {of}; it did not arrive: {why}.", **said)


@command("remove")
@click.argument("ref", metavar="WORKFLOW", type=WORKFLOW)
def ping_remove_command(ref: str) -> None:
    """Send no pings of a workflow any more; the address is forgotten.

    \b
    Example:
      smartspec ping remove nightly
    """
    workspace = session().workspace
    gone = pings.remove_ping(ref, workspace)
    told = tr("“{ref}” sends no pings any more.", ref=ref) if gone else tr("“{ref}” sent no pings.", ref=ref)
    show({"removed": gone}, told)


@command("test")
@click.argument("ref", metavar="WORKFLOW", type=WORKFLOW)
@click.option(
    "--kind", type=click.Choice([each.value for each in PingKind]), default=PingKind.SUCCESS.value, show_default=True,
    help="What it says; the service takes it for the truth.",
)  # fmt: skip
def ping_test_command(ref: str, kind: str) -> None:
    """Send one ping of a workflow, now, and say whether it was answered.

    \b
    Examples:
      smartspec ping test nightly
      smartspec ping test nightly --kind start
    """
    workspace = session().workspace
    from smartspec.runner.pings import trial

    reason = trial.send_trial(ref, PingKind(kind), workspace)
    if reason is not None:
        raise RunError(_("The ping did not arrive: {why}.", why=why_not(reason)))
    show({"sent": kind}, tr("The ping “{kind}” was answered.", kind=translate(kind_in_text(PingKind(kind)))))


for _each in (ping_set_command, ping_show_command, ping_remove_command, ping_test_command):
    ping_group.add_command(_each)
COMMANDS = (ping_group,)
