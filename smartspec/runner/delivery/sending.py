"""A message by the way of a channel, whatever that is."""

from __future__ import annotations

from smartspec.commands import channels
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.runner.delivery import command, mail, webhook
from smartspec.runner.delivery.desktop import Desktop
from smartspec.runner.delivery.message import OutgoingMessage


def send(channel: Channel, message: OutgoingMessage, desktop: Desktop) -> None:
    """Raises NotDelivered, NoKeyring, and Invalid where the keyring lost its secret."""
    match channel.kind:
        case ChannelKind.DESKTOP:
            desktop.send(message)
        case ChannelKind.COMMAND:
            command.send(channel, message)
        case ChannelKind.WEBHOOK:
            webhook.send(channel, message, channels.secret_of(channel))
        case ChannelKind.MAIL:
            mail.send(channel, message, channels.secret_of(channel))


def send_alone(channel: Channel, message: OutgoingMessage) -> None:
    """One message, to which nobody listens afterwards. Raises as `send`."""
    desktop = Desktop(lambda _action, _execution: None)
    try:
        send(channel, message, desktop)
    finally:
        desktop.close()
