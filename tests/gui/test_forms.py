"""Forms made from a JSON Schema: a field for each kind of value, as people type them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from smartspec.domain import times
from smartspec.errors import Invalid
from smartspec.gui.widgets.chips_edit import ChipsEdit, split_list
from smartspec.gui.widgets.forms.choice_field import ComboField, SegmentsField, SwitchField
from smartspec.gui.widgets.forms.field import Field
from smartspec.gui.widgets.forms.making import make_field
from smartspec.gui.widgets.forms.moment_field import MomentField
from smartspec.gui.widgets.forms.number_text import guess_number, read_number, unit_in_name
from smartspec.gui.widgets.forms.schema_form import SchemaForm
from smartspec.gui.widgets.moment_edit import MomentEdit, day_in_words
from tests.gui.conftest import Desktop, line_of, problem_at

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "count": {"type": "integer", "minimum": 1},
        "kind": {"enum": ["fast", "slow"]},
        "deep": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
        "at": {"type": "string", "format": "date-time"},
        "names": {"type": "array", "items": {"type": "string"}},
        "inner": {"type": "object", "properties": {"x": {"type": "number"}}},
        "any": {"type": "object"},
    },
}
GIVEN: dict[str, Any] = {
    "name": "a", "count": 3, "kind": "slow", "deep": False, "day": "2026-11-20", "at": "2026-11-20T14:30:00Z",
    "names": ["x", "y"], "inner": {"x": 1.5}, "any": {"k": [1]},
}  # fmt: skip


def test_a_form_gives_back_what_it_was_filled_with(qapp: QApplication) -> None:
    form = SchemaForm(SCHEMA)
    assert form.values == {}
    form.fill(GIVEN)
    assert form.values == GIVEN
    form.show_raw(True)
    assert '"slow"' in form.raw.toPlainText()
    form.raw.setPlainText("[1]")
    with pytest.raises(Invalid, match="JSON object"):
        _ = form.values
    form.raw.setPlainText('{"name": "b", "other": 1}')
    assert form.values == {"name": "b", "other": 1}
    form.show_raw(False)
    assert form.values == {"name": "b", "other": 1}, "what has no field is not lost on the way back"


def test_filling_clears_what_is_not_filled_in(qapp: QApplication) -> None:
    form = SchemaForm(SCHEMA)
    form.fill(GIVEN)
    form.fill({"name": "b"})
    assert form.values == {"name": "b"}


def test_a_form_tells_what_does_not_fit_below_its_field(qapp: QApplication) -> None:
    form = SchemaForm(SCHEMA)
    line_of(form, "count").setText("many")
    with pytest.raises(Invalid, match="whole number"):
        _ = form.values
    form.show_problems({"count": "Too small.", "inner.x": "No."})
    assert problem_at(form, "count") == "Too small."
    assert problem_at(form, "inner") == "No."
    assert line_of(form, "count").property("invalid") is True
    form.show_problems({})
    assert problem_at(form, "count") == ""


def test_a_dot_marks_what_differs_from_what_was_filled_in(qapp: QApplication) -> None:
    form = SchemaForm(SCHEMA)
    form.fill(GIVEN)
    form.group.settle()
    line_of(form, "count").setText("4")
    assert [key for key, each in form.group.rows.items() if each.is_changed] == ["count"]
    line_of(form, "count").setText("3")
    assert not any(each.is_changed for each in form.group.rows.values())


def test_every_field_has_a_name_and_is_the_buddy_of_its_label(qapp: QApplication) -> None:
    form = SchemaForm(SCHEMA)
    fields = form.group.fields
    buddies = [each.buddy() for each in form.findChildren(QLabel) if each.buddy() is not None]
    for name, field in fields.items():
        assert field.editor.accessibleName() == name
        assert field.editor in buddies


# Choices


def test_few_values_are_segments_and_more_a_list(qapp: QApplication) -> None:
    assert isinstance(make_field("a", {"enum": ["x", "y", "z"]}), SegmentsField)
    assert isinstance(make_field("a", {"enum": [*"abcde"]}), ComboField)
    assert isinstance(make_field("a", {"enum": ["x" * 30, "y" * 30]}), ComboField)


def test_a_default_is_shown_and_not_given_until_somebody_chooses(qapp: QApplication) -> None:
    field = make_field("target", {"enum": ["both", "nas"], "default": "both"})
    assert isinstance(field, SegmentsField)
    assert field.segments.value == "both"
    assert not given(field)
    field.segments.segments[1].click()
    assert field.value == "nas"
    field.clear()
    assert not given(field)


def test_a_switch_is_as_the_default_until_it_is_switched(qapp: QApplication) -> None:
    field = make_field("deep", {"type": "boolean", "default": True})
    assert isinstance(field, SwitchField)
    assert (field.switch.isChecked(), field.word.text()) == (True, "true")
    assert not given(field)
    field.switch.click()
    assert (field.value, field.word.text()) == (False, "false")


def given(field: Field) -> bool:
    return isinstance(field.value, str | bool | int | float | list)


# Numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [("120", "120"), (" 1.5 ", "1.5"), ("1,200", "1200"), ("1 200 000", "1200000"), ("１２０", "120"), ("−3", "-3"), ("1e3", "1e3"),
     ("1,2", None), ("12O", None), ("", None), ("0x10", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(typed: str, number: str | None) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "meant"), [("12O", "120"), ("1,5", "1.5"), ("30 days", "30"), ("5%", "5"), ("soon", "")]
)
def test_what_was_meant_is_guessed(typed: str, meant: str) -> None:
    assert guess_number(typed) == meant


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def test_a_number_is_read_with_the_separators_of_the_language(german: None) -> None:
    assert read_number("1.234,5") == "1234.5"
    assert read_number("0,25") == "0.25"


def test_a_number_says_its_unit_and_range_and_how_it_is_read(qapp: QApplication) -> None:
    field = make_field("limit", {"type": "integer", "minimum": 1, "maximum": 10_000, "x-unit": "MB per second"})
    assert field.hint == "MB per second, 1 to 10,000"
    field.editor.setText("1,200")  # type: ignore[attr-defined]
    assert (field.value, field.note) == (1200, "is read as 1200")
    field.editor.setText("12O")  # type: ignore[attr-defined]
    with pytest.raises(Invalid, match="Did you mean 120"):
        _ = field.value


def test_the_name_of_a_number_says_its_unit() -> None:
    assert [unit_in_name(name) for name in ("keep_days", "limit_mb", "days", "top_s")] == ["days", "MB", "", "seconds"]


# Days and moments


def test_a_day_is_typed_moved_and_taken_from_a_chip(qapp: QApplication) -> None:
    field = make_field("since", {"type": "string", "format": "date"})
    assert isinstance(field, MomentField)
    field.edit.setText("2026-11-16")
    QTest.keyClick(field.edit, Qt.Key.Key_Up)
    assert field.value == "2026-11-17"
    today = times.now().astimezone().date()
    yesterday = next(chip for chip, _ in field.chips if chip.accessibleName() == "since: Yesterday")
    yesterday.click()
    assert field.value == (today - timedelta(days=1)).isoformat()
    assert [chip.isChecked() for chip, _ in field.chips] == [False, True, False]
    assert field.note.endswith("yesterday")
    field.edit.setText("2026-13-01")
    with pytest.raises(Invalid, match="is not a date; write it as 2026-11-16"):
        _ = field.value


def test_a_moment_is_typed_as_the_clock_here_and_given_in_utc(qapp: QApplication) -> None:
    edit = MomentEdit("at", "date-time")
    edit.setText("2026-11-20 14:30")
    local = datetime(2026, 11, 20, 14, 30).astimezone()
    assert datetime.fromisoformat(edit.value or "") == local
    edit.set_value("2026-11-20T14:30:00Z")
    assert edit.value == "2026-11-20T14:30:00Z"
    edit.setCursorPosition(12)
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert edit.value == "2026-11-20T13:30:00Z"
    edit.setText("2026-11-20T14:30:00+02:00")
    assert edit.value == "2026-11-20T12:30:00Z"


def test_a_day_is_told_as_people_say_it() -> None:
    today = date(2026, 11, 20)
    assert day_in_words(date(2026, 11, 16), today) == "Monday, 4 days ago"
    assert day_in_words(today, today) == "Friday, today"
    assert day_in_words(date(2026, 11, 22), today) == "Sunday, in 2 days"


def test_the_calendar_gives_the_day_that_was_clicked(desktop: Desktop) -> None:
    edit = MomentEdit("since", "date")
    edit.setText("2026-11-16")
    edit.show()
    edit.open_calendar()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    calendar = popup.calendar  # type: ignore[attr-defined]
    assert calendar.selectedDate().toString("yyyy-MM-dd") == "2026-11-16"
    calendar.clicked.emit(calendar.selectedDate().addDays(3))
    assert edit.value == "2026-11-19"
    assert QApplication.activePopupWidget() is None
    edit.close()


# Chips


def test_chips_are_added_removed_and_pasted(qapp: QApplication) -> None:
    chips = ChipsEdit("exclude")
    chips.show()
    chips.line.setFocus()
    QTest.keyClicks(chips.line, "*.tmp")
    QTest.keyClick(chips.line, Qt.Key.Key_Return)
    QGuiApplication.clipboard().setText("cache/**\n.Trash-*\n")
    QTest.keyClick(chips.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert chips.texts == ["*.tmp", "cache/**", ".Trash-*"]
    QTest.keyClick(chips.line, Qt.Key.Key_Backspace)
    assert chips.texts == ["*.tmp", "cache/**"]
    chips.chips[0].click()
    assert chips.texts == ["cache/**"]
    QTest.keyClicks(chips.line, "half")
    assert chips.texts == ["cache/**", "half"], "what is typed and not added counts too"
    chips.close()


@pytest.mark.parametrize(
    ("pasted", "texts"),
    [("a\nb\n\n", ["a", "b"]), ('["a", "b,c"]', ["a", "b,c"]), ("a, b", ["a", "b"]), ("{a,b}", ["{a,b}"]), ("one", ["one"])],
)  # fmt: skip
def test_a_pasted_list_becomes_several(pasted: str, texts: list[str]) -> None:
    assert split_list(pasted) == texts


def test_a_list_of_numbers_is_given_as_numbers(qapp: QApplication) -> None:
    field = make_field("ports", {"type": "array", "items": {"type": "integer"}})
    field.fill([80, 443])
    assert field.value == [80, 443]
    field.fill([])
    assert field.value == []
