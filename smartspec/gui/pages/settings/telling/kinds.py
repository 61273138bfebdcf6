"""What the kinds of channels are called, and their icons."""

from __future__ import annotations

from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.messages import Message, _

WORDS: dict[ChannelKind, Message] = {
    ChannelKind.DESKTOP: _("Desktop"), ChannelKind.COMMAND: _("Command"), ChannelKind.WEBHOOK: _("Web address"),
    ChannelKind.MAIL: _("Mail"),
}  # fmt: skip
ICONS = {
    ChannelKind.DESKTOP: "bell", ChannelKind.COMMAND: "terminal-window", ChannelKind.WEBHOOK: "globe",
    ChannelKind.MAIL: "envelope-simple",
}  # fmt: skip


def target(channel: Channel) -> str:
    """Where it goes to; never an address that is a secret."""
    return {ChannelKind.COMMAND: channel.command, ChannelKind.MAIL: channel.to}.get(channel.kind, "")
