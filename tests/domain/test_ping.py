"""What is asked for, and how a ping is spoken of."""

from __future__ import annotations

import re

import pytest

from smartspec.domain import ping
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ping import PingKind, address, check_url, check_variable, in_text, kind_of_end, why_not
from smartspec.errors import Invalid


@pytest.mark.parametrize(
    ("url", "start", "success"),
    [
        ("https://hc.example.org/abc", "https://hc.example.org/abc/start", "https://hc.example.org/abc"),
        ("https://hc.example.org/abc/", "https://hc.example.org/abc/start", "https://hc.example.org/abc/"),
        ("https://hc.example.org", "https://hc.example.org/start", "https://hc.example.org"),
        ("http://ann:pw@h:81/a?create=1#x", "http://ann:pw@h:81/a/start?create=1", "http://ann:pw@h:81/a?create=1"),
    ],
)
def test_the_kind_stands_behind_the_path_and_what_follows_it_stays(url: str, start: str, success: str) -> None:
    assert address(check_url(url), PingKind.START) == start
    assert address(url, PingKind.SUCCESS) == success
    assert address(url, PingKind.FAILURE) == start.replace("/start", "/fail")


@pytest.mark.parametrize(
    "url",
    ["", "very-secret", "ftp://h/very-secret", "https://", "https:///very-secret", "http://h:0/very-secret",
     "http://h:99999/very-secret", "http://[::1/very-secret", "https://h/very secret", "https://h/very-secret\n",
     "https://h/\x1b[31mvery-secret", "https://h/" + "very-secret" * 200],
)  # fmt: skip
def test_what_is_no_address_is_refused_by_a_sentence_that_does_not_show_it(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_url(url)
    assert "very" not in refused.value.sentence and refused.value.sentence.endswith(".")


def test_a_variable_has_a_name_of_a_variable() -> None:
    assert check_variable("NIGHTLY_PING2") == "NIGHTLY_PING2"
    for name in ("", "2A", "A B", "A=B", "Ä", "A" * 129):
        with pytest.raises(Invalid, match="no name of a variable"):
            check_variable(name)


def test_what_was_cancelled_or_goes_on_is_not_told() -> None:
    told = {status: kind_of_end(status) for status in ExecutionStatus}
    assert {status.value: kind.value for status, kind in told.items() if kind is not None} == {
        "completed": "success",
        "failed": "failure",
        "timeout": "failure",
    }
    assert kind_of_end(None) is None


def test_every_reason_is_words_and_an_unknown_one_too() -> None:
    for code in ping._WHY:
        assert not re.search(r"[{}]", why_not(f"{code} 7"))
    assert why_not("status 503") == "the answer was HTTP 503 Service Unavailable"
    assert why_not("status 799") == "the answer was HTTP 799"
    assert why_not("of tomorrow") == "it could not be sent: of tomorrow"
    assert in_text(PingKind.START, None) == "start"
    assert in_text(PingKind.FAILURE, "refused") == "failure: the connection was refused"
