"""`http:` one request, redirects followed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from smartspec.domain.definition.json_values import to_text
from smartspec.domain.jsontext import Json, JsonObject, as_mapping
from smartspec.domain.masking import Mask
from smartspec.runner.kinds import redirects
from smartspec.runner.kinds.client import NoClient, client
from smartspec.runner.kinds.redirects import Origin, RedirectRefused, SentRequest
from smartspec.value import frozen

if TYPE_CHECKING:
    import httpx

LARGEST_BODY_BYTES = 1_048_576
DEFAULT_TIMEOUT_SECONDS = 300.0


@frozen
class Answer:
    """`status` None: there was none, and `error` says why; `timed_out` that the time ran out."""

    status: int | None
    headers: Mapping[str, str]
    body: str
    error: str | None = None
    timed_out: bool = False

    def result(self) -> dict[str, Json]:
        return {"status": self.status, "headers": dict(self.headers), "body": self.body}


@frozen
class Request:
    """What is asked: the task's `http`, in whose environment, and how long it may take in seconds (None: the usual)."""

    spec: JsonObject
    environment: Mapping[str, str]
    timeout: float | None
    mask: Mask

    @property
    def limit(self) -> float:
        return self.timeout if self.timeout is not None else DEFAULT_TIMEOUT_SECONDS


def request(asked: Request, stopped: threading.Event, log: Callable[[bytes], None]) -> Answer:
    """Send it and read at most 1 MiB of the answer's body."""
    import httpx

    try:
        with client(asked.environment, asked.limit) as through:
            return _exchange(through, asked, stopped, log)
    except (NoClient, RedirectRefused) as error:
        return _none(str(error), log)
    except httpx.TimeoutException:
        return Answer(None, {}, "", f"There was no answer within {asked.limit:g} s.", timed_out=True)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
        return _none(f"The request failed: {str(error).rstrip('.') or type(error).__name__}.", log)


def _none(sentence: str, log: Callable[[bytes], None]) -> Answer:
    log(f"{sentence}\n".encode("utf-8", "replace"))
    return Answer(None, {}, "", sentence)


def _exchange(through: httpx.Client, asked: Request, stopped: threading.Event, log: Callable[[bytes], None]) -> Answer:
    """Raises RedirectRefused, and httpx's errors."""
    import httpx

    sent = _first(asked.spec)
    for _ in range(redirects.MOST_HOPS + 1):
        log(f"{sent.method} {sent.url}\n".encode("utf-8", "replace"))
        with ExitStack() as stack:
            response = stack.enter_context(
                through.stream(sent.method, sent.url, headers=dict(sent.headers), content=sent.body)
            )
            log(f"{response.status_code} {response.reason_phrase}\n".encode())
            if not response.has_redirect_location or stopped.is_set():
                return _answer(response, stopped, log)
            where = httpx.URL(sent.url).join(httpx.URL(response.headers["location"]))
            following = redirects.follow(
                sent, response.status_code, str(where), _origin(where), lambda text: asked.mask.text(text) != text
            )
        _log_left_behind(sent, following, log)
        sent = following
    raise RedirectRefused(f"The answers redirected more than {redirects.MOST_HOPS} times; the last to {sent.url}.")


def _log_left_behind(before: SentRequest, after: SentRequest, log: Callable[[bytes], None]) -> None:
    if stayed := redirects.left_behind(before, after):
        words = f"[smartspec: {', '.join(stayed)} stayed with {before.origin}, for which they were written]\n"
        log(words.encode("utf-8", "replace"))


def _origin(url: httpx.URL) -> Origin:
    return Origin.of(url.scheme, url.host, url.port)


def _first(spec: JsonObject) -> SentRequest:
    import httpx

    method = str(spec.get("method", "POST" if "json" in spec or "body" in spec else "GET")).upper()
    url = httpx.URL(to_text(spec["url"]))
    if query := as_mapping(spec.get("query")):
        url = url.copy_merge_params({name: _query_value(value) for name, value in query.items()})
    headers = {name: to_text(value) for name, value in as_mapping(spec.get("headers")).items()}
    body = None
    if "json" in spec:
        body = json.dumps(spec["json"], ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
    elif "body" in spec:
        body = to_text(spec["body"]).encode()
    return SentRequest(method, str(url), _origin(url), headers, body)


def _query_value(value: Json) -> str | list[str]:
    """A list names its key several times."""
    return [to_text(each) for each in value] if isinstance(value, list) else to_text(value)


def _answer(response: httpx.Response, stopped: threading.Event, log: Callable[[bytes], None]) -> Answer:
    body = _body(response, stopped)
    log(body)
    try:
        text = body.decode(response.encoding or "utf-8", "replace")
    except LookupError:  # a server may name any encoding
        text = body.decode("utf-8", "replace")
    return Answer(response.status_code, dict(response.headers), text.replace("\0", "\ufffd"))


def _body(response: httpx.Response, stopped: threading.Event) -> bytes:
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
