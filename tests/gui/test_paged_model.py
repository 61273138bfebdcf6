"""Rows that are loaded page by page: what comes too late, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject

from smartspec.domain.page import Page
from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.widgets.table.paged_model import ROOT, PagedModel


class _Asked:
    """In place of an AppContext: a question waits until the test answers it."""

    def __init__(self) -> None:
        self.answers: list[Callable[[Page[int]], object]] = []
        self.failures: list[Callable[[SmartSpecError], object]] = []

    def run(self, owner: QObject, command: object, then: Any, failed: Any, *, worker: str) -> None:
        self.answers.append(then)
        self.failures.append(failed)


class _Numbers(PagedModel[int]):
    headings = ("Number",)

    def page_after(self, cursor: str | None) -> Callable[[], Page[int]]:
        return lambda: Page((), None)


@pytest.fixture
def asked() -> _Asked:
    return _Asked()


@pytest.fixture
def model(qapp: object, asked: _Asked) -> _Numbers:
    made: Any = _Numbers
    numbers: _Numbers = made(asked, None)
    numbers.read_from_top()
    return numbers


def test_a_page_that_could_not_be_read_can_be_asked_for_again(model: _Numbers, asked: _Asked) -> None:
    asked.answers[0](Page((3, 2), "2"))
    model.fetchMore(ROOT)
    assert not model.canFetchMore(ROOT)
    asked.failures[1](Invalid("locked"))
    assert model.canFetchMore(ROOT)
    model.fetchMore(ROOT)
    asked.answers[2](Page((1,), None))
    assert model.rows == [3, 2, 1] and not model.canFetchMore(ROOT)


def test_what_comes_of_an_older_question_is_dropped(model: _Numbers, asked: _Asked) -> None:
    told: list[object] = []
    model.failed.connect(told.append)
    model.read_from_top()
    asked.answers[1](Page((5,), None))
    asked.answers[0](Page((4,), "4"))
    asked.failures[0](Invalid("locked"))
    assert model.rows == [5] and not told and not model.is_loading


def test_pages_without_rows_are_passed_by(model: _Numbers, asked: _Asked) -> None:
    asked.answers[0](Page((), "7"))
    assert model.is_loading
    asked.answers[1](Page((6,), None))
    assert model.rows == [6]
