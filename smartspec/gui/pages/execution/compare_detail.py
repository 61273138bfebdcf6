"""What a difference is in full: its values, the definition, how long the tasks took, where the logs part."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain.compare.comparison import Comparison, Finding
from smartspec.domain.compare.log_diff import LineDifference
from smartspec.domain.config import is_secret_reference
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.text import one_line
from smartspec.gui.pages.execution.comparison_report import log_line
from smartspec.gui.pages.execution.findings import sentence_of
from smartspec.gui.pages.execution.task_bars import TaskBars
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.changed import Changed
from smartspec.gui.widgets.diff import DiffView
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr
from smartspec.vocabulary import LIKELIHOOD_WORDS

_MOST_LOGS = 3
_TALLEST = 16_000  # pixels of a definition that is shown whole: the page scrolls, not what stands in it


class CompareDetail(QWidget):
    """`source_asked`: the texts of both definitions are wanted, to be shown by `show_sources`."""

    put_back_asked = Signal()
    place_asked = Signal()
    source_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.headline, self.why = label("", "title"), label("", "secondary")
        for each in (self.headline, self.why):
            each.setWordWrap(True)
        self.put_back = button("", "", "arrow-counter-clockwise", self.put_back_asked.emit)
        self.action_button = button("", then=self.place_asked.emit)
        self.value = Changed(beside=True)
        self.tasks = TaskBars()
        self._log_title = label(tr("First line of the log that differs"), "heading")
        self._log_names = [label("", "caption") for _ in range(_MOST_LOGS)]
        self.logs = [Changed(beside=False) for _ in range(_MOST_LOGS)]
        self.diff = DiffView()
        self.diff.set_unified(True)
        self.diff.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._diff_title = label(tr("The definition"), "heading")
        head = row()
        head.addWidget(self.headline, 1)
        head.addWidget(self.put_back)
        head.addWidget(self.action_button)
        logs = [each for pair in zip(self._log_names, self.logs, strict=True) for each in pair]
        self.setLayout(column(
            head, self.why, 4, self.value, self._diff_title, self.diff, 8, self.tasks, 8, self._log_title, *logs,
            None, margins=(20, 14, 20, 14), spacing=6,
        ))  # fmt: skip

    def show_comparison(self, found: Comparison) -> None:
        self.tasks.show_pairs(found)
        self._show_logs([*found.log.items()])

    def _show_logs(self, found: list[tuple[str, LineDifference]]) -> None:
        self._log_title.setVisible(bool(found))
        for at, (name, change) in enumerate(zip(self._log_names, self.logs, strict=True)):
            for each in (name, change):
                each.setVisible(at < len(found))
            if at < len(found):
                task, difference = found[at]
                name.setText(tr("{task}, line {line}", task=task, line=number(difference.line)))
                change.show_change(log_line(difference.old), log_line(difference.new))

    def show_finding(self, found: Comparison, finding: Finding | None) -> None:
        """None where nothing differs."""
        self.headline.setText(sentence_of(finding) if finding else _without_difference(found))
        self.why.setText(
            tr("{likelihood}: {why}.", likelihood=LIKELIHOOD_WORDS[finding.likelihood], why=finding.why)
            if finding
            else tr("Files, network and other programs are not recorded: look there.")
        )
        kind = finding.kind if finding else ""
        self.action_button.setVisible(kind in ("setting", "definition") and found.new.workflow is not None)
        self.action_button.setText(tr("Open Config") if kind == "setting" else tr("Open Versions"))
        self._show_value(found, finding)
        has_lines = kind == "definition" and bool(found.lines)
        self._diff_title.setVisible(has_lines)
        self.diff.setVisible(has_lines)
        if has_lines:
            self.source_asked.emit()

    def show_sources(self, texts: tuple[str, str]) -> None:
        self.diff.show_texts(*texts)
        self.diff.setFixedHeight(min(_TALLEST, 12 + 21 * self.diff.row_count))

    def _show_value(self, found: Comparison, finding: Finding | None) -> None:
        """Of a setting or an input: as it was and as it is, and for a setting the way back."""
        has_values = (
            finding is not None and finding.key != "" and not any(map(is_secret_reference, (finding.old, finding.new)))
        )
        self.value.setVisible(has_values)
        can_go_back = has_values and finding is not None and finding.kind == "setting" and finding.old is not None
        self.put_back.setVisible(can_go_back and found.new.workflow is not None)
        if finding is not None and has_values:
            names = (f"#{found.old.number}", f"#{found.new.number}")
            self.value.show_change(value_text(finding.old), value_text(finding.new), names)
            self.put_back.setText(tr("Use {value} again", value=one_line(value_text(finding.old), 24)))


def _without_difference(found: Comparison) -> str:
    return tr("No difference was found") if found.is_recorded else tr("Nothing is recorded that could be compared")


def value_text(value: Json) -> str:
    return tr("nothing") if value is None else value if isinstance(value, str) else dump(value)
