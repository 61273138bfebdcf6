"""Where a redirect leads, and what of a request goes along: what was written for one host stays with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smartspec.value import frozen, replace

MOST_HOPS = 20
# What says nothing about whoever asks. All others were written for the first host: any of them may be a key.
_GO_ALONG = frozenset({"accept", "accept-charset", "accept-language", "cache-control", "user-agent"})
_OF_THE_BODY = frozenset({"content-type", "content-encoding", "content-language", "content-length"})
_PORTS = {"http": 80, "https": 443}


class RedirectRefused(Exception):
    """A redirect is not followed; the message is a sentence."""


@frozen
class Origin:
    """Scheme, host and port: what headers and a body are written for."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, scheme: str, host: str, port: int | None) -> Origin:
        return cls(scheme, host.lower(), port or _PORTS.get(scheme, 0))

    def covers(self, other: Origin) -> bool:
        """The same, or the same host by TLS; never from TLS to plain text."""
        upgraded = (self.scheme, self.port, other.scheme, other.port) == ("http", 80, "https", 443)
        return self == other or (self.host == other.host and upgraded)

    def __str__(self) -> str:
        port = "" if self.port == _PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


@frozen
class SentRequest:
    """One request. `body` None: it has none."""

    method: str
    url: str
    origin: Origin
    headers: Mapping[str, str]
    body: bytes | None


def follow(
    sent: SentRequest, status: int, url: str, origin: Origin, holds_secret: Callable[[str], bool]
) -> SentRequest:
    """The request that a redirect asks for. Raises RedirectRefused where a body would have to go to another place.

    As browsers and curl: 303 asks by GET, and so do 301 and 302 of a POST; 307 and 308 ask as before.
    """
    is_another = not sent.origin.covers(origin)
    method = sent.method
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method = "GET"
    keeps_body = method == sent.method
    if is_another and keeps_body and sent.body is not None:
        raise RedirectRefused(
            f"The answer of {sent.origin} was {status}, a redirect to {origin}; what is sent in the body stays with the"
            " place it was written for. If that is where it is to go, write it in `url`."
        )
    again = replace(sent, method=method, url=url, origin=origin)
    if not keeps_body:
        kept = {name: value for name, value in sent.headers.items() if name.lower() not in _OF_THE_BODY}
        again = replace(again, body=None, headers=kept)
    return replace(again, headers=_safe_headers(again.headers, holds_secret)) if is_another else again


def _safe_headers(headers: Mapping[str, str], holds_secret: Callable[[str], bool]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() in _GO_ALONG and not holds_secret(value)}


def left_behind(before: SentRequest, after: SentRequest) -> list[str]:
    """The headers that did not go along."""
    return [name for name in before.headers if name not in after.headers]
