"""A message to try a channel by: on a thread of the commands."""

from __future__ import annotations

from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.errors import RunError
from smartspec.messages import _, tr

DESKTOP = Channel("desktop", ChannelKind.DESKTOP)


def try_channel(channel: Channel) -> None:
    """As `smartspec notify test`. Raises RunError with why it did not go, NoKeyring, Invalid."""
    from smartspec.runner.delivery import sending
    from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

    body = tr("This is how you are told by “{name}”.", name=channel.name)
    try:
        sending.send_alone(channel, OutgoingMessage(tr("SmartSpec can reach you"), body, ""))
    except NotDelivered as error:
        raise RunError(_("“{name}” did not deliver it: {why}", name=channel.name, why=str(error))) from error


def switch_desktop(on: bool) -> None:
    """On: by one channel more; off: by none of the desktop any more. Raises Conflict where another has its name."""
    from smartspec.commands import channels

    found = [each for each in channels.list_channels() if each.kind is ChannelKind.DESKTOP]
    if on and not found:
        channels.add_channel(DESKTOP)
    elif not on:
        for each in found:
            channels.remove_channel(each.name)


def is_on_desktop() -> bool:
    from smartspec.commands import channels

    return any(each.kind is ChannelKind.DESKTOP for each in channels.list_channels())
