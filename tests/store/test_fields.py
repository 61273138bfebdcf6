"""How columns become values."""

from __future__ import annotations

import json
import sys
from types import FrameType

from smartspec.store.models import fields


def test_a_long_value_is_read_as_any_other_while_other_threads_have_their_turn() -> None:
    """A switch of threads needs Python code to run: it is counted how often the long one comes by."""
    value = {"rows": [{"n": n, "deep": {"list": [n, None, 0.5, True, "ä"]}} for n in range(20_000)], "none": {}}
    field, calls = fields.JsonField(), 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    text = json.dumps(value)
    sys.setprofile(count)
    try:
        read = field.python_value(text)
    finally:
        sys.setprofile(None)
    assert read == value and [*read["rows"][0]] == ["n", "deep"]
    assert calls > 40_000
