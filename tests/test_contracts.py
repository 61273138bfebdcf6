"""What a machine can check about the code as a whole."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.domain.event import EventType
from tests.conftest import ROOT

CODE = sorted((ROOT / "smartspec").rglob("*.py"))


def text_of_all(folder: str) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / folder).rglob("*.py")))


def error_classes() -> list[type[errors.SmartSpecError]]:
    return [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.SmartSpecError)
    ]


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.__name__)
def test_every_error_class_is_raised_in_the_code_and_by_a_test(kind: type[errors.SmartSpecError]) -> None:
    if kind.__subclasses__() and kind not in (errors.Invalid, errors.NotFound, errors.Conflict):
        return  # a branch of the tree, never raised itself
    code, tests = text_of_all("smartspec"), text_of_all("tests")
    name = kind.__name__
    assert re.search(rf"\b{name}\(|\(errors\.{name},|raise \w+\({name}", code), "raised nowhere"
    assert name in tests, "no test asks for it"


@pytest.mark.parametrize("kind", EventType)
def test_every_kind_of_event_is_written_somewhere(kind: EventType) -> None:
    code = text_of_all("smartspec").replace("class EventType", "")
    by_name = f"EventType.{kind.name}" in code
    by_status = re.fullmatch(r"(execution|task)_(completed|failed|timeout|cancelled|skipped|interrupted)", kind.value)
    assert by_name or by_status or kind is EventType.DATABASE_MIGRATED


@pytest.mark.parametrize("file", CODE, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_module_opens_with_one_sentence(file: Path) -> None:
    told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert told and told.split("\n")[0].endswith((".", ":"))


def test_nothing_reads_outside_the_project() -> None:
    for file in [*CODE, *(ROOT / "packaging").rglob("*.py")]:
        assert '"../' not in file.read_text(encoding="utf-8"), file


def test_the_lock_pins_everything_and_names_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / "packaging" / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[a-z0-9.-]+==[^ ;]+( ; .+)?", line), line
                assert "://" not in line
