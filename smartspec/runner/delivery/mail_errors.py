"""Why a mail did not go out, in a sentence; never in words that could hold the password."""

from __future__ import annotations

import smtplib
import ssl

from smartspec.errors import reason


def sentence_of(error: Exception, security: str) -> str:
    """`security` is how the server was to be spoken to: starttls, tls or none."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"The mail server refused the user or the password: {error.smtp_code} {_said(error.smtp_error)}."
        case smtplib.SMTPResponseException():
            return f"The mail server answered {error.smtp_code}: {_said(error.smtp_error)}."
        case smtplib.SMTPRecipientsRefused():
            codes = ", ".join(f"{code} {_said(said)}" for code, said in error.recipients.values())
            return f"The mail server refused the recipient: {codes}."
        case UnicodeEncodeError():  # what it says names a letter of the password
            return "The user or the password has letters that are not ASCII: none is sent."
        case ssl.SSLCertVerificationError():
            return f"The certificate of the mail server is not trusted: {one_line(error.verify_message)}."
        case ssl.SSLError():
            other = "starttls" if security == "tls" else "tls"
            return f"No encrypted connection came about; --security {other} may be what this port speaks."
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            return "The mail server offers no STARTTLS here: nothing was sent, the password neither."
        case smtplib.SMTPServerDisconnected() if isinstance(error.__context__, TimeoutError):
            return "The mail server did not answer in time."
        case smtplib.SMTPNotSupportedError() | smtplib.SMTPServerDisconnected():
            return f"The mail server cannot be used: {one_line(str(error)).lower()}."
        case TimeoutError():
            return "The mail server did not answer in time."
        case OSError():  # smtplib's other ones are such, too
            return f"The mail server cannot be spoken to: {one_line(reason(error))}."
    return f"The mail could not be sent: {type(error).__name__}."


def _said(text: bytes | str) -> str:
    return one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)


def one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
