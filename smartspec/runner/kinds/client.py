"""The HTTP client of an execution: proxies and certificates as its environment says, not that of the runner."""

from __future__ import annotations

import ipaddress
import ssl
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


class NoClient(Exception):
    """The environment asks for what cannot be had; the message is a sentence."""


def client(environment: Mapping[str, str], limit: float) -> httpx.Client:
    """A client that follows no redirects; `limit` is in seconds. Raises NoClient."""
    import httpx

    context = _certificates(environment)
    try:
        mounts = {
            pattern: None if proxy is None else httpx.HTTPTransport(verify=context, proxy=proxy)
            for pattern, proxy in proxies(environment).items()
        }
        return httpx.Client(verify=context, trust_env=False, timeout=limit, mounts=mounts)
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise NoClient(_why_no_proxy(environment, error)) from error


def _why_no_proxy(environment: Mapping[str, str], error: Exception) -> str:
    named = [f"{name}={value}" for name, value in environment.items() if name.lower().endswith("_proxy") and value]
    if any("://" in each and each.split("=", 1)[1].lower().startswith("socks") for each in named):
        name = next(each for each in named if "socks" in each.lower()).partition("=")[0]
        return (
            f"The variable {name} names a SOCKS proxy, and only HTTP proxies can be used here; to do without it, write"
            f' {name}: "" in `env`.'
        )
    names = ", ".join(each.partition("=")[0] for each in named)
    return f"A proxy cannot be used ({names}): {error}."


def _certificates(environment: Mapping[str, str]) -> ssl.SSLContext:
    """What SSL_CERT_FILE or SSL_CERT_DIR names, else the certificates that come with the program."""
    file, folder = environment.get("SSL_CERT_FILE"), environment.get("SSL_CERT_DIR")
    try:
        if file:
            return ssl.create_default_context(cafile=file)
        if folder:
            return ssl.create_default_context(capath=folder)
    except (OSError, ValueError) as error:
        name, value = ("SSL_CERT_FILE", file) if file else ("SSL_CERT_DIR", folder)
        why = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
        raise NoClient(f"The certificates that {name} names, {value}, cannot be read: {why}.") from error
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def proxies(environment: Mapping[str, str]) -> dict[str, str | None]:
    """Which proxy serves which addresses, as patterns of httpx; None: none does."""
    found = _settings(environment)
    exempt = [host.strip() for host in found.get("no", "").split(",") if host.strip()]
    if "*" in exempt:
        return {}
    routes: dict[str, str | None] = {
        f"{scheme}://": proxy if "://" in proxy else f"http://{proxy}"
        for scheme in ("http", "https", "all")
        if (proxy := found.get(scheme))
    }
    return {**routes, **dict.fromkeys(map(_pattern, exempt))}


def _settings(environment: Mapping[str, str]) -> Mapping[str, str]:
    """By scheme: http_proxy before HTTP_PROXY; where no variable says anything, the settings of the system."""
    found: dict[str, str] = {}
    for upper_case in (True, False):
        for name, value in environment.items():
            if name.lower().endswith("_proxy") and (name != name.lower()) is upper_case:
                found[name.lower().removesuffix("_proxy")] = value
    of_system = getattr(urllib.request, "getproxies_macosx_sysconf", None) or getattr(
        urllib.request, "getproxies_registry", None
    )
    return found if found or of_system is None else of_system()


def _pattern(host: str) -> str:
    """As curl reads NO_PROXY: a name stands for itself and all below it, an address for itself."""
    if "://" in host:
        return host
    with suppress(ValueError):
        version = ipaddress.ip_address(host.strip("[]")).version
        return f"all://{host}" if version == 4 else f"all://[{host.strip('[]')}]"
    return f"all://{host}" if host.lower() == "localhost" else f"all://*{host}"
