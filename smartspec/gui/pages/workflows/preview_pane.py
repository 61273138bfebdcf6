"""Beside the text: what the template at the cursor comes to, and where the values in it come from."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from smartspec.commands import previews
from smartspec.commands.previews import PreviewPart, TemplatePreview
from smartspec.domain.definition.template_place import CONDITIONS
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.style import theme
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column
from smartspec.messages import tr, translate

_AFTER_MS = 250
_HEIGHT = 64  # of the value, which is scrolled where it is longer


class PreviewPane(QWidget):
    changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._draft: Draft | None = None
        self._place = (1, 1)
        self.preview: TemplatePreview | None = None
        self._path = Elided("caption")
        self.value = QPlainTextEdit()
        self.value.setReadOnly(True)
        self.value.setTabChangesFocus(True)
        self.value.setProperty("kind", "field")
        self.value.setFixedHeight(_HEIGHT)
        theme.on_change(self._on_theme)
        self._on_theme()
        self.value.setAccessibleName(tr("What the template comes to"))
        self.problem = label("", "error")
        self.problem.setWordWrap(True)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(6)
        self._nothing = label(tr("With the cursor in a {{ template }}, its value is shown here."), "caption")
        self._nothing.setWordWrap(True)
        self._later = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._later.timeout.connect(self._ask)
        inner = QWidget()
        inner.setLayout(column(
            self._path, self.value, self.problem, self._parts, self._nothing, None, margins=(12, 2, 12, 8), spacing=6,
        ))  # fmt: skip
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        head = label(tr("What it comes to"), "section")
        head.setContentsMargins(12, 8, 12, 0)
        self.setLayout(column(head, area, spacing=2))
        self._show(None)

    def _on_theme(self) -> None:
        self.value.setFont(theme.font("small", mono=True))

    def show_place(self, draft: Draft, line: int, column_: int, text: str) -> None:
        """Of the line with this text; where no template is, at once, else a moment after the last move."""
        self._draft, self._place = draft, (line, column_)
        key = text.strip().removeprefix("- ").partition(":")[0]
        if "{{" in text or "}}" in text or key in CONDITIONS or any(f"{each}:" in text for each in CONDITIONS):
            self._later.start()
        else:
            self._later.stop()
            self._show(None)

    def _ask(self) -> None:
        draft = self._draft
        if draft is None or draft.workflow is None:
            return
        command = partial(
            previews.preview_template, draft.workflow.id, draft.text, *self._place, draft.format,
            self._context.workspace,
        )  # fmt: skip
        self._context.run(
            self, command, partial(self._on_preview, draft.text, self._place), self._on_failed, worker="texts"
        )

    def _on_preview(self, text: str, place: tuple[int, int], found: TemplatePreview | None) -> None:
        if self._draft is not None and (self._draft.text, self._place) == (text, place):
            self._show(found)

    def _on_failed(self, error: SmartSpecError) -> None:
        self._show(TemplatePreview("", "", problem=error.sentence))

    def _show(self, found: TemplatePreview | None) -> None:
        self.preview = found
        value, problem = (found.value, translate(found.problem)) if found is not None else ("", "")
        self._path.setText(found.path if found is not None else "")
        self._path.setVisible(found is not None)
        self.value.setPlainText(value + (" …" if found is not None and found.is_cut else ""))
        self.value.setVisible(found is not None and not problem)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._nothing.setVisible(found is None)
        self._show_parts(found.parts if found is not None else ())
        self.changed.emit()

    @property
    def on_one_line(self) -> str:
        """Empty where there is nothing to tell."""
        found = self.preview
        if found is None:
            return ""
        return translate(found.problem) if found.problem else f"→ {found.value.strip()}".replace("\n", " ⏎ ")

    def _show_parts(self, parts: tuple[PreviewPart, ...]) -> None:
        clear_layout(self._parts)
        for each in parts:
            line = QWidget()
            name, origin = Elided("mono"), Elided("caption")
            name.setText(f"{each.name} = {each.value}")
            origin.setText(translate(each.origin))
            line.setLayout(column(name, origin, spacing=0))
            line.setAccessibleName(f"{each.name} = {each.value}, {translate(each.origin)}")
            self._parts.addWidget(line)
