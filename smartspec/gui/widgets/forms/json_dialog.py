"""A JSON value on as many lines as it needs, checked while one types."""

from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from smartspec.domain.jsontext import load
from smartspec.errors import Invalid, Problem
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.editor.code_editor import CodeEditor
from smartspec.gui.widgets.labels import key_cap
from smartspec.messages import tr, translate


class JsonDialog(Dialog):
    """`then` is given the value on one line, when it is taken over; `check` says what else is wrong with a text."""

    def __init__(
        self,
        parent: QWidget,
        key: str,
        text: str,
        then: Callable[[str], object],
        check: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(parent, key, tr("JSON on several lines; it is kept on one."), width=560, height=460)
        self._then, self._check = then, check or (lambda _: "")
        self.editor = CodeEditor()
        self.editor.setAccessibleName(key)
        self.editor.setTabChangesFocus(True)
        self.editor.setMinimumHeight(160)
        self.editor.setPlainText(_spread(text))
        self.body.addWidget(self.editor, 1)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.add_left(key_cap("Ctrl+Enter"))
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Apply"), "primary", self._submit)
        self.editor.textChanged.connect(self._lint)
        self.editor.setFocus()
        self._lint()

    def _lint(self) -> None:
        text = self.editor.toPlainText()
        try:
            load(text, tr("This"))
        except Invalid as error:
            line, column = _place_of(text)
            self.editor.show_problems([Problem("", error.sentence, line, column)])
            self.show_problem(translate(error.sentence))
        else:
            self.editor.show_problems(())
            self.show_problem(self._check(text))

    def _submit(self) -> None:
        compact = json.dumps(json.loads(self.editor.toPlainText()), ensure_ascii=False)
        self.accept()
        self._then(compact)


def _spread(text: str) -> str:
    """On several lines, where it is JSON."""
    try:
        return json.dumps(json.loads(text or "null"), ensure_ascii=False, indent=2)
    except ValueError:
        return text


def _place_of(text: str) -> tuple[int, int]:
    """Where it stops being JSON."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno, error.colno
    except (ValueError, RecursionError):
        pass
    return 1, 1
