"""The locks of `packaging/`: what is declared, and what that needs in turn, is pinned, and nothing else."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHIPPED, CHECKING = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["dev"]


def lines(lock: str) -> list[str]:
    text = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]


def pinned_here(lock: str) -> set[str]:
    """Names of the pins that hold on this system."""
    pins = map(Requirement, lines(lock))
    return {canonicalize_name(pin.name) for pin in pins if pin.marker is None or pin.marker.evaluate()}


def needed_here(declared: list[str]) -> set[str]:
    """Names of what is declared and, with what each needs in turn, of all that is installed for it on this system."""
    found: dict[str, set[str]] = {}
    waiting = [(Requirement(each), {""}) for each in declared]
    while waiting:
        wanted, extras = waiting.pop()
        if wanted.marker is not None and not any(wanted.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        name, asked = canonicalize_name(wanted.name), {"", *wanted.extras}
        if not asked <= found.get(name, set()):
            found[name] = found.get(name, set()) | asked
            waiting += [(Requirement(each), asked) for each in metadata.requires(name) or ()]
    return set(found)


def test_what_is_needed_is_pinned() -> None:
    assert needed_here(SHIPPED) <= pinned_here("requirements.txt")
    assert needed_here(CHECKING) <= pinned_here("requirements.txt") | pinned_here("requirements-dev.txt")


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="newer Pythons need fewer packages; the locks are made for 3.11"
)
def test_nothing_else_is_pinned() -> None:
    assert pinned_here("requirements.txt") <= needed_here(SHIPPED)
    assert pinned_here("requirements-dev.txt") <= needed_here(CHECKING) - needed_here(SHIPPED)


def test_every_line_pins_a_version_and_names_no_host() -> None:
    for line in lines("requirements.txt") + lines("requirements-dev.txt"):
        assert re.fullmatch(r"[a-z0-9.-]+==[^ ;]+( ; .+)?", line), line
        assert "://" not in line
