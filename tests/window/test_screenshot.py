"""`smartspec screenshot`: a page of the window as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Said


def test_a_page_is_drawn_into_a_file(smartspec: Callable[..., Said], tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    said = smartspec("screenshot", "history", str(picture), "--theme", "dark", "--size", "900x500", "--scale", "2")
    assert said.code == 0, said.err
    head = picture.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (1800, 1000)
