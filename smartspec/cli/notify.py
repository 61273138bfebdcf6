"""`notify`: the channels by which you are told of what failed, works again, runs long or should have run."""

from __future__ import annotations

import shlex
from datetime import datetime, timedelta

import click

from smartspec.cli.echo import ask_secret
from smartspec.cli.options import WORKFLOW, Group, command
from smartspec.cli.output import moment, show, table
from smartspec.cli.session import session
from smartspec.commands import channels, deliveries, notification_policies, quiet
from smartspec.domain import times
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.domain.notification.rules import Policy
from smartspec.errors import Invalid, RunError
from smartspec.messages import _, listed, tr, translate
from smartspec.value import replace


@click.group("notify", cls=Group)
def notify_group() -> None:
    """The channels by which you are told of what failed, works again, runs long, should have run, and of other alerts.

    Nothing is sent without one. What is told, and when: the settings that begin with `notifications.`.
    """


@command("list")
def notify_list_command() -> None:
    """The channels there are, and whether what was sent last arrived.

    \b
    Example:
      smartspec notify list
    """
    session()
    found, last = channels.list_channels(), deliveries.last_deliveries()
    rows = ((each.name, each.kind.value, _target(each), *_went(last.get(each.name))) for each in found)
    told = table(
        (tr("NAME"), tr("KIND"), tr("TO"), tr("LAST"), tr("RESULT")), rows,
        tr("Nobody is told of anything; `{command}` begins.", command="smartspec notify add NAME --desktop"),
    )  # fmt: skip
    show([_as_json(each, last.get(each.name)) for each in found], told)


def _target(channel: Channel) -> str:
    """Never an address that is a secret."""
    shown = {ChannelKind.COMMAND: channel.command, ChannelKind.MAIL: channel.to}
    return shown.get(channel.kind, "")


def _went(last: JsonObject | None) -> tuple[str, str]:
    if last is None:
        return "", ""
    at = moment(times.from_ms(int(str(last["at"]))))
    return at, str(last["error"]) if last["error"] else tr("arrived")


def _as_json(channel: Channel, last: JsonObject | None) -> dict[str, Json]:
    at: datetime | None = times.from_ms(int(str(last["at"]))) if last else None
    return {
        "name": channel.name, "kind": channel.kind.value, "to": _target(channel),
        "last": None if last is None or at is None else {"at": at.isoformat(), "error": last["error"]},
    }  # fmt: skip


@command("add")
@click.argument("name")
@click.option("--desktop", is_flag=True, help="A message on the desktop of this session; a click opens the execution.")
@click.option("--command", "run", metavar="TEXT", help="A program with its arguments; it is given the message.")
@click.option("--webhook", is_flag=True, help="A POST to a web address, which is asked for, or piped in.")
@click.option("--mail", "to", metavar="ADDRESS", help="A mail; with --server, and the password asked for or piped in.")
@click.option("--from", "sender", metavar="ADDRESS", help="The sender of the mail (the recipient).")
@click.option("--server", metavar="HOST[:PORT]", default="", help="The mail server.")
@click.option(
    "--security", type=click.Choice(["starttls", "tls", "none"]), default="starttls", show_default=True,
    help="How the mail server is spoken to.",
)  # fmt: skip
@click.option("--user", default="", help="Whom the mail server knows; without one it is given no password.")
def notify_add_command(
    name: str, desktop: bool, run: str | None, webhook: bool, to: str | None, sender: str | None, server: str,
    security: str, user: str,
) -> None:  # fmt: skip
    """Be told by one more channel, from now on. A web address and a password are kept by the keyring of this machine.

    \b
    Examples:
      smartspec notify add desk --desktop
      smartspec notify add bell --command "paplay /usr/share/sounds/bell.oga"
      smartspec notify add team --webhook < address.txt
      smartspec notify add post --mail me@example.org --server mail.example.org --user me
    """
    kinds = [(desktop, ChannelKind.DESKTOP), (run is not None, ChannelKind.COMMAND), (webhook, ChannelKind.WEBHOOK),
             (to is not None, ChannelKind.MAIL)]  # fmt: skip
    wanted = [kind for is_wanted, kind in kinds if is_wanted]
    if len(wanted) != 1:
        raise Invalid(_("Name one channel: {kinds}.", kinds="--desktop, --command, --webhook, --mail"))
    if wanted[0] is not ChannelKind.MAIL and (any((sender, server, user)) or security != "starttls"):
        raise Invalid(_("{options} are for {way} alone.", options="--from, --server, --security, --user", way="--mail"))
    session()
    secret = ""
    if wanted[0] is ChannelKind.WEBHOOK:
        secret = ask_secret(tr("Web address")).strip()
    elif user:
        secret = _password(user)
    made = channels.add_channel(
        Channel(name, wanted[0], run or "", to or "", sender or to or "", server, security, user), secret
    )
    said = tr("You are told by “{name}” from now on; `{command}` tries it.", name=name,
              command=f"smartspec notify test {shlex.quote(name)}")  # fmt: skip
    show(_as_json(made, None), said)


@command("edit")
@click.argument("name")
@click.option("--name", "new_name", metavar="TEXT", help="Another name.")
@click.option("--command", "run", metavar="TEXT", help="Another program with its arguments.")
@click.option("--secret", is_flag=True, help="Another web address or password: asked for, or piped in.")
@click.option("--mail", "to", metavar="ADDRESS", help="Another recipient.")
@click.option("--from", "sender", metavar="ADDRESS", help="Another sender.")
@click.option("--server", metavar="HOST[:PORT]", help="Another mail server.")
@click.option("--security", type=click.Choice(["starttls", "tls", "none"]), help="How the mail server is spoken to.")
@click.option("--user", help="Whom the mail server knows.")
def notify_edit_command(name: str, new_name: str | None, run: str | None, secret: bool, **mail: str | None) -> None:
    """Change a channel; what is not given stays.

    \b
    Examples:
      smartspec notify edit bell --command "paplay /usr/share/sounds/gong.oga"
      smartspec notify edit team --secret < address.txt
    """
    session()
    before = channels.get_channel(name)
    _check_options(before, run, secret, mail)
    changed = before
    for key, given in {"name": new_name, "command": run, **mail}.items():
        if given is not None:
            changed = replace(changed, **{key: given})  # type: ignore[arg-type]  # none of them is the kind
    text = ""
    if secret:
        is_web = before.kind is ChannelKind.WEBHOOK
        text = ask_secret(tr("Web address") if is_web else tr("Password of {user}", user=changed.user)).strip()
    made = channels.edit_channel(name, changed, text)
    show(_as_json(made, None), tr("Changed “{name}”.", name=made.name))


def _check_options(channel: Channel, run: str | None, secret: bool, mail: dict[str, str | None]) -> None:
    """Raises Invalid for what a channel of its kind has not."""
    kind = channel.kind
    wrong = [
        *(["--command"] if run is not None and kind is not ChannelKind.COMMAND else []),
        *(["--secret"] if secret and kind not in (ChannelKind.WEBHOOK, ChannelKind.MAIL) else []),
        *([_OPTIONS[key] for key, each in mail.items() if each is not None] if kind is not ChannelKind.MAIL else []),
    ]  # fmt: skip
    if wrong:
        values = {"name": channel.name, "kind": kind.value, "options": listed(wrong)}
        raise Invalid(_("“{name}” is of the kind {kind}, which has no {options}.", **values))


_OPTIONS = {"to": "--mail", "sender": "--from", "server": "--server", "security": "--security", "user": "--user"}


def _password(user: str) -> str:
    found = ask_secret(tr("Password of {user}", user=user))
    if not found:
        raise Invalid(_("No password of “{user}” was given; type it, or pipe it in.", user=user))
    return found


@command("remove")
@click.argument("name")
def notify_remove_command(name: str) -> None:
    """Be told by a channel no more; what the keyring has of it is forgotten.

    \b
    Example:
      smartspec notify remove team
    """
    session()
    channels.remove_channel(name)
    show({"removed": name}, tr("Nobody is told by “{name}” any more.", name=name))


@command("test")
@click.argument("name")
def notify_test_command(name: str) -> None:
    """Send a message by a channel, now, and say whether it arrived.

    \b
    Example:
      smartspec notify test desk
    """
    session()
    channel = channels.get_channel(name)
    from smartspec.runner.delivery import sending
    from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

    message = OutgoingMessage(tr("SmartSpec can reach you"), tr("This is how you are told by “{name}”.", name=name), "")
    try:
        sending.send_alone(channel, message)
    except NotDelivered as error:
        raise RunError(_("“{name}” did not deliver it: {why}", name=name, why=str(error))) from error
    show({"sent": name}, tr("Sent by “{name}”.", name=name))


@command("workflow")
@click.argument("ref", metavar="WORKFLOW", type=WORKFLOW)
@click.argument("policy", type=click.Choice([each.value for each in Policy]))
@click.option("--important/--usual", default=None, help="Whether it is told of in quiet hours, too.")
def notify_workflow_command(ref: str, policy: str, important: bool | None) -> None:
    """What you are told of a workflow: all, its failures and what should have run, or none of it.

    \b
    Examples:
      smartspec notify workflow nightly failures
      smartspec notify workflow backup all --important
    """
    here = session()
    workflow = notification_policies.set_notification_policy(ref, policy, important=important, workspace=here.workspace)
    words = {
        Policy.ALL: _("all"),
        Policy.FAILURES: _("its failures"),
        Policy.NONE: _("nothing"),
    }
    told = tr("Of “{name}” you are told: {what}.", name=workflow.name, what=translate(words[Policy(policy)]))
    is_important = workflow.pk in notification_policies.important_ones()
    if is_important and policy != Policy.NONE:
        told = f"{told} {tr('It is important: in quiet hours, too.')}"
    show({"workflow": workflow.ref, "policy": policy, "important": is_important}, told)


@command("sent")
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, help="How many.")
def notify_sent_command(limit: int) -> None:
    """What was sent to you, and what could not be delivered, the newest first.

    \b
    Example:
      smartspec notify sent
    """
    session()
    found = deliveries.list_messages(limit)
    rows = ((moment(each.at), each.channel, each.title, each.error or tr("arrived")) for each in found)
    nothing = tr("Nothing has been sent.")
    show(found, table((tr("WHEN"), tr("CHANNEL"), tr("MESSAGE"), tr("RESULT")), rows, nothing))


@command("quiet")
@click.argument("until", required=False, default="")
def notify_quiet_command(until: str) -> None:
    """Be told nothing for a while: for a duration, until `tomorrow` (8:00), until a moment, or `off`.

    What there is to tell then waits for the end of it. Without an argument: until when it is quiet.

    \b
    Examples:
      smartspec notify quiet 1h
      smartspec notify quiet tomorrow
      smartspec notify quiet off
    """
    session()
    held = quiet.quiet_now() if not until else quiet.quiet_until(_moment(until))
    told = tr("You are told nothing until {moment}.", moment=moment(held)) if held else tr("You are told as ever.")
    show({"until": held.isoformat() if held else None}, told)


def _moment(text: str) -> datetime | None:
    """Raises Invalid."""
    now = times.now()
    if text == "off":
        return None
    if text == "tomorrow":
        return quiet.tomorrow_morning(now)
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        pass
    try:
        return now + timedelta(milliseconds=times.parse_duration_ms(text))
    except Invalid as error:
        example = "1h, tomorrow, 2026-11-20T08:00, off"
        raise Invalid(
            _("“{text}” is no time to be quiet until; write {example}.", text=text, example=example)
        ) from error


for _each in (
    notify_list_command, notify_add_command, notify_remove_command, notify_test_command, notify_workflow_command,
    notify_quiet_command, notify_edit_command, notify_sent_command,
):  # fmt: skip
    notify_group.add_command(_each)
COMMANDS = (notify_group,)
