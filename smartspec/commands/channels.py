"""The channels by which a person is told: named, kept with the settings, what is secret of them in the keyring."""

from __future__ import annotations

from typing import cast

from smartspec.domain.jsontext import Json, JsonObject, as_mapping
from smartspec.domain.notification import channel as rules
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.domain.text import did_you_mean
from smartspec.errors import Conflict, Invalid, NoKeyring, NotFound
from smartspec.messages import _, sentences
from smartspec.store import database, events, notifications, secrets, settings
from smartspec.value import field_names, replace

_CHANNELS = "notifications.channels"


def list_channels() -> tuple[Channel, ...]:
    found = as_mapping(settings.get(_CHANNELS))
    return tuple(_read(name, as_mapping(each)) for name, each in found.items())


def get_channel(name: str) -> Channel:
    """Raises NotFound."""
    found = {each.name: each for each in list_channels()}
    if name not in found:
        end = did_you_mean(name, found, _("; `smartspec notify list` shows what there is."))
        raise NotFound(_("There is no channel “{name}”{end}", name=name, end=end))
    return found[name]


def add_channel(channel: Channel, secret: str = "") -> Channel:
    """Tell by this one too, from now on. Raises Invalid, Conflict for a name that is taken, NoKeyring."""
    rules.check(channel)
    if channel.kind is ChannelKind.WEBHOOK:
        rules.check_url(secret)
    if any(each.name == channel.name for each in list_channels()):
        raise Conflict(_("There is a channel “{name}” already.", name=channel.name))
    made = replace(channel, secret=_kept(secret)) if secret else channel
    with database.transaction():
        if not list_channels():
            notifications.keep({"seen": events.newest()})  # nobody is told of what is past
        _write([*list_channels(), made])
    return made


def _kept(secret: str) -> str:
    """Its reference. Raises NoKeyring with the way out."""
    try:
        return secrets.add(secret)
    except NoKeyring as error:
        way_out = _("Install one (GNOME Keyring, KWallet), or be told by a program of yours: `--command`.")
        raise NoKeyring(sentences([error.sentence, way_out])) from error


def remove_channel(name: str) -> None:
    """Raises NotFound."""
    gone = get_channel(name)
    with database.transaction():
        _write([each for each in list_channels() if each.name != name])
        _forget_last(name)
    if gone.secret:
        secrets.remove(gone.secret)


def secret_of(channel: Channel) -> str:
    """Raises NoKeyring, and Invalid where the keyring does not have it any more."""
    found = secrets.get(channel.secret) if channel.secret else ""
    if found is None:
        raise Invalid(_("The keyring does not have the secret of the channel “{name}” any more.", name=channel.name))
    return found


def edit_channel(name: str, channel: Channel, secret: str = "") -> Channel:
    """What is sent from now on goes by it as it is now; without a `secret` the one that is kept stays.

    Raises NotFound, Invalid, Conflict for a new name that is taken, NoKeyring.
    """
    before = get_channel(name)
    rules.check(channel)
    if channel.kind is not before.kind:
        raise Invalid(_("A channel stays of its kind; add another one."))
    if channel.kind is ChannelKind.WEBHOOK and secret:
        rules.check_url(secret)
    if channel.name != name and any(each.name == channel.name for each in list_channels()):
        raise Conflict(_("There is a channel “{name}” already.", name=channel.name))
    made = replace(channel, secret=_kept(secret) if secret else before.secret)
    with database.transaction():
        _write([made if each.name == name else each for each in list_channels()])
        if made.name != name:
            _forget_last(name)
    if secret and before.secret:
        secrets.remove(before.secret)
    return made


def _write(channels: list[Channel]) -> None:
    kept: dict[str, Json] = {
        each.name: {name: getattr(each, name) for name in field_names(Channel) if name != "name"} for each in channels
    }
    settings.set_(_CHANNELS, kept or None)


def _forget_last(name: str) -> None:
    """What went by a channel that is gone says nothing of the next one of that name."""
    state = as_mapping(notifications.state())
    last = {each: what for each, what in as_mapping(state.get("last")).items() if each != name}
    notifications.keep({**state, "last": last})


def _read(name: str, found: JsonObject) -> Channel:
    texts = {key: str(each) for key, each in found.items() if key in field_names(Channel) and key != "kind"}
    return Channel(name, ChannelKind(cast("str", found["kind"])), **texts)
