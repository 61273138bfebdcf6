"""`http:` one request, redirects followed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from smartspec.domain.jsontext import Json

LARGEST_BODY_BYTES = 1_048_576
DEFAULT_TIMEOUT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` None: there was none, and `error` says why; `timed_out` that the time ran out."""

    status: int | None
    headers: Mapping[str, str]
    body: str
    error: str | None = None
    timed_out: bool = False

    def result(self) -> dict[str, Json]:
        return {"status": self.status, "headers": dict(self.headers), "body": self.body}


def request(
    spec: Mapping[str, Json], timeout: float | None, stopped: threading.Event, log: Callable[[bytes], None]
) -> Answer:
    """Send it and read at most 1 MiB of the answer's body; `timeout` in seconds bounds the whole."""
    import httpx

    limit = timeout if timeout is not None else DEFAULT_TIMEOUT_SECONDS
    method = str(spec.get("method", "POST" if "json" in spec or "body" in spec else "GET")).upper()
    log(f"{method} {spec['url']}\n".encode())
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=limit) as client,
            client.stream(method, str(spec["url"]), **_arguments(spec)) as response,
        ):
            body = _body(response, stopped)
            log(f"{response.status_code} {response.reason_phrase}\n".encode() + body)
            text = body.decode(response.encoding or "utf-8", "replace").replace("\0", "\ufffd")
            return Answer(response.status_code, dict(response.headers), text)
    except httpx.TimeoutException:
        return Answer(None, {}, "", f"There was no answer within {limit:g} s.", timed_out=True)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, UnicodeError) as error:
        return Answer(None, {}, "", f"The request failed: {error or type(error).__name__}.")


def _arguments(spec: Mapping[str, Json]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if spec.get("headers"):
        arguments["headers"] = {name: str(value) for name, value in spec["headers"].items()}
    if spec.get("query"):
        arguments["params"] = spec["query"]
    if "json" in spec:
        arguments["json"] = spec["json"]
    elif "body" in spec:
        arguments["content"] = str(spec["body"]).encode()
    return arguments


def _body(response: Any, stopped: threading.Event) -> bytes:
    taken = bytearray()
    for chunk in response.iter_bytes():
        taken += chunk
        if len(taken) >= LARGEST_BODY_BYTES or stopped.is_set():
            break
    return bytes(taken[:LARGEST_BODY_BYTES])


def is_expected(status: int, expect: Json) -> bool:
    """Whether a status is what `expect` allows: a code, a class as 2xx, or a list of them."""
    allowed = expect if isinstance(expect, list) else [expect]
    return any(_matches(status, each) for each in allowed)


def _matches(status: int, wanted: Json) -> bool:
    text = str(wanted)
    return status // 100 == int(text[0]) if text.endswith("xx") else str(status) == text
