"""A message by mail, through the server of a person."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from smartspec.domain.notification.channel import Channel
from smartspec.runner.delivery.mail_errors import one_line, sentence_of
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

_SECONDS = 20


def send(channel: Channel, message: OutgoingMessage, password: str) -> None:
    """Raises NotDelivered."""
    try:
        with _connected(channel) as server:
            if channel.security == "starttls":
                server.starttls(context=_trusted())
            if channel.user:
                server.login(channel.user, password)
            server.send_message(_mail(channel, message))
    except (OSError, UnicodeEncodeError) as error:  # smtplib's and ssl's own are such
        raise NotDelivered(sentence_of(error, channel.security)) from error


def _connected(channel: Channel) -> smtplib.SMTP:
    host, port = channel.address
    if channel.security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=_trusted())
    return smtplib.SMTP(host, port, timeout=_SECONDS)


def _trusted() -> ssl.SSLContext:
    """What SSL_CERT_FILE or SSL_CERT_DIR names, else the certificates of the system and those that come along."""
    context = ssl.create_default_context()
    if not {"SSL_CERT_FILE", "SSL_CERT_DIR"} & os.environ.keys():
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _mail(channel: Channel, message: OutgoingMessage) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = one_line(message.title)
    mail["From"], mail["To"] = channel.sender, channel.to
    mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid(domain="smartspec.invalid")
    where = f"smartspec execution {message.execution}" if message.execution else ""
    mail.set_content("\n\n".join(filter(None, (message.body, message.lines, where))) + "\n")
    return mail
