"""Masking: whatever the pieces and the pauses, a secret does not come out; everything else does, byte for byte."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from smartspec.domain.masking import MASK, Mask, MaskedStream

SECRET = "hunter2-canary"


def through(secrets: list[str], pieces: list[bytes], pause: float = 0.0) -> bytes:
    stream, now, out = MaskedStream(Mask(secrets)), 0.0, b""
    for piece in pieces:
        out += stream.feed(piece, now)
        now += pause
        out += stream.rest(now)
    return out + stream.end()


def test_a_secret_is_masked_in_text_json_and_urls() -> None:
    mask = Mask(['p&ss "w\u00f6rd"'])
    assert mask.text('a p&ss "w\u00f6rd" b') == f"a {MASK} b"
    assert mask.json({"k": ['{"x": "p&ss \\"w\\u00f6rd\\""}', 1], 'p&ss "w\u00f6rd"': None}) == {
        "k": ['{"x": "' + MASK + '"}', 1],
        MASK: None,
    }
    assert mask.text("?q=p%26ss%20%22w%C3%B6rd%22&r=p%26ss+%22w%C3%B6rd%22") == f"?q={MASK}&r={MASK}"


def test_each_long_line_of_a_secret_of_several_lines_is_masked() -> None:
    key = "-----BEGIN KEY-----\nAAAABBBBCCCC\nab\n-----END KEY-----\n"
    assert Mask([key]).text("x AAAABBBBCCCC ab") == f"x {MASK} ab"


def test_without_secrets_nothing_is_masked() -> None:
    assert not Mask() and Mask().text("") == "" and Mask().json({"a": 1}) == {"a": 1}


@given(st.lists(st.integers(1, 6), max_size=12), st.sampled_from([0.0, 0.3]))
def test_cut_anywhere_it_does_not_come_out(cuts: list[int], pause: float) -> None:
    whole = f"before {SECRET} after {SECRET}{SECRET}.".encode()
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(whole[at : at + cut])
        at += cut
    out = through([SECRET], [*pieces, whole[at:]], pause)
    assert SECRET.encode() not in out
    assert out.startswith(b"before ") and b" after " in out and out.endswith(b".")
    if not pause:
        assert out == f"before {MASK} after {MASK}{MASK}.".encode()


@settings(max_examples=300)
@given(
    st.lists(st.text("ab", min_size=4, max_size=7), min_size=1, max_size=3),
    st.lists(st.text("abc", max_size=5).map(str.encode), max_size=12),
)
def test_in_pieces_it_is_as_in_one(secrets: list[str], pieces: list[bytes]) -> None:
    """Few letters, so that secrets overlap, repeat and begin one another."""
    out = through(secrets, pieces)
    assert not any(secret.encode() in out for secret in secrets)
    assert out.replace(MASK.encode(), b"") == b"" or set(out) <= set(b"abc*")
    if not any(secret.encode() in b"".join(pieces) for secret in secrets) and not out.endswith(MASK.encode()):
        assert out == b"".join(pieces)


def test_the_beginning_of_a_secret_is_held_back_for_a_moment_only() -> None:
    stream = MaskedStream(Mask([SECRET]))
    assert stream.feed(b"say hun", 0.0) == b"say "
    assert stream.rest(0.05) == b""
    assert stream.rest(0.1) == b"hun"  # less than half of it
    assert stream.feed(b"gry\n", 0.3) == b"gry\n"


def test_what_came_before_a_pause_does_not_give_the_rest_away() -> None:
    stream = MaskedStream(Mask([SECRET]))
    assert stream.feed(b"hun", 0.0) + stream.rest(1.0) == b"hun"
    assert stream.feed(b"ter2-canary!", 1.1) == f"{MASK}!".encode()
    stream = MaskedStream(Mask([SECRET]))
    assert stream.feed(b"hunter2-c", 0.0) + stream.rest(1.0) == MASK.encode()
    assert stream.feed(b"anary!", 1.1) == b"!"


def test_bytes_that_are_no_text_go_through() -> None:
    junk = bytes(range(256)) * 3
    assert through([SECRET], [junk]) == junk
