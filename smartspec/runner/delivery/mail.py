"""A message by mail, through the server of a person."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from smartspec.domain.notification.channel import Channel
from smartspec.errors import reason
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

_SECONDS = 20


def send(channel: Channel, message: OutgoingMessage, password: str) -> None:
    """Raises NotDelivered."""
    try:
        with _connected(channel) as server:
            if channel.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if channel.user:
                server.login(channel.user, password)
            server.send_message(_mail(channel, message))
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        raise NotDelivered(f"The mail server answered {error.smtp_code}: {_one_line(said)}.") from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(f"{code} {said.decode('utf-8', 'replace')}" for code, said in error.recipients.values())
        raise NotDelivered(f"The mail server refused the recipient: {_one_line(codes)}.") from error
    except UnicodeEncodeError as error:  # what it says names a letter of the password
        raise NotDelivered("The user or the password has letters that are not ASCII: none is sent.") from error
    except OSError as error:  # smtplib's own are such, too
        raise NotDelivered(f"The mail server cannot be spoken to: {_one_line(reason(error))}.") from error


def _connected(channel: Channel) -> smtplib.SMTP:
    host, port = channel.address
    if channel.security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=_SECONDS)


def _mail(channel: Channel, message: OutgoingMessage) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = _one_line(message.title)
    mail["From"], mail["To"] = channel.sender, channel.to
    mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid(domain="smartspec.invalid")
    more = f"\n\nsmartspec execution {message.execution}" if message.execution else ""
    mail.set_content(f"{message.body}{more}\n")
    return mail


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
