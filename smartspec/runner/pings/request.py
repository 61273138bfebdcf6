"""One ping over HTTP: a GET without a body, which says of itself only that it comes from SmartSpec."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from smartspec.domain.ping import MOST_REDIRECTS, SECONDS, PingKind, address
from smartspec.runner.kinds.client import NoClient, client

if TYPE_CHECKING:
    import httpx

_HEADERS = {"User-Agent": "SmartSpec", "Accept-Encoding": "identity"}


def send(url: str, kind: PingKind, environment: Mapping[str, str]) -> str | None:
    """Why it was not answered as it should be, a code of `domain.ping.why_not`; None where it was.

    Proxies and certificates are as the environment says. Each step has its limit; whoever calls limits the whole.
    """
    import httpx

    try:
        with client(environment, SECONDS) as through:
            return _answer_to(through, address(url, kind))
    except NoClient:
        return "proxy"
    except httpx.TimeoutException:
        return f"timeout {SECONDS}"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return _reason(error)


def _answer_to(through: httpx.Client, url: str) -> str | None:
    """Of the answer only the head is read, however much there is behind it."""
    request = through.build_request("GET", url, headers=_HEADERS)
    host = request.url.host
    for _turn in range(MOST_REDIRECTS + 1):
        answer = through.send(request, stream=True)
        answer.close()
        if answer.next_request is None:
            return None if answer.is_success else f"status {answer.status_code}"
        following = answer.next_request.url
        if following.host != host:
            return "other_host"
        if request.url.scheme == "https" and following.scheme != "https":
            return "unencrypted"
        request = through.build_request("GET", following, headers=_HEADERS)
    return f"redirects {MOST_REDIRECTS}"


def _reason(error: Exception) -> str:
    """Never in the words of the error: they may hold the address."""
    import httpx

    for each in _causes(error):
        match each:
            case ssl.SSLCertVerificationError():
                return f"certificate {each.verify_message.partition(',')[0].lower()}"
            case ssl.SSLError():
                return "tls"
            case socket.gaierror():
                return "name"
            case ConnectionRefusedError():
                return "refused"
            case TimeoutError():
                return f"timeout {SECONDS}"
    if isinstance(error, httpx.ProxyError):
        return "proxy"
    if isinstance(error, httpx.ConnectError):
        return "unreachable"
    if isinstance(error, httpx.NetworkError) or "disconnected" in str(error):
        return "closed"
    return "protocol" if isinstance(error, httpx.ProtocolError) else f"other {type(error).__name__}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, and what it came of."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
