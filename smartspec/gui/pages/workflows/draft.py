"""The text of the workflow that is shown: what is saved of it, what is not, and what saving it would make."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from smartspec.commands import versions, workflow_sources, working_copies
from smartspec.domain.definition.outline import OutlinedTask
from smartspec.domain.ids import VersionPk
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.version import Version, same_text
from smartspec.domain.workflow import Workflow, WorkingCopy
from smartspec.errors import Conflict, Invalid, Problem, SmartSpecError, VersionNotFound
from smartspec.gui.core.context import AppContext

if TYPE_CHECKING:
    from smartspec.commands.definitions import ExaminedText

CHECK_AFTER_MS = 200
_NONE_YET = VersionPk(0)


class Draft(QObject):
    """What is written is kept as the working copy, and examined, a moment after it was written.

    A text that is saved is examined only while it is looked at: nothing else tells what is wrong with it.

    `replaced`: another text is to be shown. `changed`: another text, state or saved version. `examined`: what is wrong
    with the text is known anew. `conflicting` carries the version that was saved elsewhere meanwhile.
    """

    replaced = Signal()
    changed = Signal()
    examined = Signal()
    conflicting = Signal(object)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self.context = context
        self.workflow: Workflow | None = None
        self.based_on: Version | None = None
        self.elsewhere: Version | None = None  # saved by another while this one was written
        self.text = ""
        self.format = "yaml"
        self.is_dirty = False
        self.is_kept = False  # as the working copy: it is there after a crash
        self.is_read = False  # until then there is nothing that could be written
        self._examination: ExaminedText | None = None
        self._examined_text: str | None = None
        self._is_examining = self._is_looked_at = False
        self._later = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self._later.timeout.connect(self._store)

    # What there is

    @property
    def saved_text(self) -> str:
        """Of the version that it is based on."""
        return self.based_on.source if self.based_on else ""

    @property
    def is_new(self) -> bool:
        """Whether there is no version yet."""
        return self.workflow is not None and self.based_on is None

    @property
    def can_become_version(self) -> bool:
        return self.is_dirty or self.is_new

    @property
    def is_examined(self) -> bool:
        """Whether `problems` and `outline` are those of this very text."""
        return self._examined_text == self.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._examination.problems if self._examination else ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return self._examination.errors if self._examination else ()

    @property
    def outline(self) -> tuple[OutlinedTask, ...]:
        return self._examination.outline if self._examination else ()

    @property
    def next_version(self) -> str:
        """The label it would be saved under; empty before that is known."""
        return self._examination.version if self._examination else ""

    @property
    def params(self) -> JsonObject | None:
        """The schema of its parameters."""
        return self._examination.params if self._examination else None

    # What is shown

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        """Another workflow is read; of the same one a version made elsewhere replaces a text nobody has touched."""
        same = self.workflow is not None and workflow.id == self.workflow.id
        if not same:
            self.keep_now()
            self._forget()
        self.workflow = workflow
        known = self.based_on.pk if self.based_on else None
        if same and (version.pk if version else None) == known:
            self.changed.emit()
        elif same and version is not None and same_text(version.source, self.text):
            self.take_saved(version)  # by the form of Run, or on the terminal: there is nothing to decide
        elif same and self.is_dirty:
            self.elsewhere = version
            self.changed.emit()
        else:
            read = partial(working_copies.get_working_copy, workflow.id, self.context.workspace)
            self.context.run(self, read, partial(self._show_copy, workflow.id, version))

    def _forget(self) -> None:
        """Of the workflow before nothing is to be seen, nor to be run, while this one is read."""
        self.based_on = self.elsewhere = self._examination = self._examined_text = None
        self.text, self.is_dirty, self.is_kept, self.is_read = "", False, False, False
        self.changed.emit()

    def _show_copy(self, id_: str, version: Version | None, copy: WorkingCopy | None) -> None:
        if self.workflow is None or id_ != self.workflow.id:
            return
        self.based_on, self.elsewhere = version, None
        self.format = copy.source_format if copy else version.source_format if version else "yaml"
        if copy is not None and version is not None and copy.based_on != version.pk:
            self.elsewhere = version
        text = copy.source if copy else self.saved_text
        self.text = text or workflow_sources.minimal_source(self.workflow.name, self.workflow.pack)
        if not self.is_examined:
            self._examination = None  # it was of another text
        self.is_kept, self.is_read = copy is not None, True
        self._update_dirty()
        self.replaced.emit()
        self.changed.emit()
        self._examine()

    # While it is written

    def write(self, text: str) -> None:
        """It is this by now."""
        if text == self.text or not self.is_read:
            return
        self.text, self.is_kept = text, False
        self._update_dirty()
        self._later.start()
        self.changed.emit()

    def _update_dirty(self) -> None:
        self.is_dirty = self.workflow is not None and not same_text(self.text, self.saved_text)

    def keep_now(self) -> None:
        """What was typed a moment ago belongs to what is shown, which is about to be gone."""
        if self._later.isActive():
            self._later.stop()
            self._store()

    def keep(self, then: Callable[[], object] | None = None) -> None:
        """As the working copy, whatever is wrong with it."""
        self._later.stop()
        self._store(then)

    def _store(self, then: Callable[[], object] | None = None) -> None:
        if self.workflow is None:
            return
        ref, text, workspace = self.workflow.id, self.text, self.context.workspace
        based_on = self.based_on.pk if self.based_on else None
        keep = partial(working_copies.keep_working_copy, ref, text, based_on, self.format, workspace)
        discard = partial(working_copies.discard_working_copy, ref, workspace)
        command: Callable[[], object] = keep if self.is_dirty else discard
        self.context.run(self, command, lambda _: self._on_kept(text, then), self._on_refused)
        self._examine()

    def _on_kept(self, text: str, then: Callable[[], object] | None) -> None:
        if text == self.text:
            self.is_kept = True
            self.changed.emit()
        if then is not None:
            then()

    def _on_refused(self, error: SmartSpecError) -> None:
        """What cannot be kept is told where the problems are, as long as it stands there."""
        from smartspec.commands.definitions import ExaminedText

        problems = error.problems if isinstance(error, Invalid) else (Problem("", error.sentence),)
        self._examination = ExaminedText(problems, self.outline, self.next_version, None)
        self._examined_text = self.text
        self.examined.emit()
        self.changed.emit()

    def look_at(self, looked: bool) -> None:
        """Whether the text itself is to be seen, with what is wrong with it."""
        self._is_looked_at = looked
        self._examine()

    def _examine(self) -> None:
        """Off the thread of the window, one text after the other: what was written meanwhile comes next."""
        if self.workflow is None or not self.is_read or self.is_examined or self._is_examining:
            return
        if not (self.can_become_version or self._is_looked_at):
            return
        self._is_examining = True
        text, id_ = self.text, self.workflow.id
        command = partial(_examine_text, id_, text, self.format, self.context.workspace)
        self.context.run(
            self, command, partial(self._on_examined, id_, text), partial(self._on_not_examined, id_), worker="texts"
        )

    def _on_not_examined(self, id_: str, error: SmartSpecError) -> None:
        self._is_examining = False
        if self.workflow is not None and self.workflow.id == id_:
            self.context.notifications.notify_error(error)
        else:
            self._examine()

    def _on_examined(self, id_: str, text: str, found: ExaminedText) -> None:
        self._is_examining = False
        if self.workflow is None or id_ != self.workflow.id:
            self._examine()
            return
        self._examination, self._examined_text = found, text
        if text == self.text:
            self.examined.emit()
        elif not self._later.isActive():
            self._examine()
        self.changed.emit()

    # Saving

    def save(self, change_log: str | None, then: Callable[[Version], object]) -> None:
        """As the next version; one that was made elsewhere meanwhile is dealt with first."""
        if self.workflow is None or self._tell_conflict():
            return
        self._later.stop()
        self.context.run(self, self._saving(change_log), partial(self._on_saved, then), self.on_unsaved)

    def _saving(self, change_log: str | None = None) -> partial[Version]:
        assert self.workflow is not None
        return partial(
            working_copies.save_version, self.workflow.id, self.text, change_log=change_log,
            based_on=self.based_on.pk if self.based_on else _NONE_YET, workspace=self.context.workspace,
        )  # fmt: skip

    def _tell_conflict(self) -> bool:
        if self.elsewhere is not None:
            self.conflicting.emit(self.elsewhere)
        return self.elsewhere is not None

    def _on_saved(self, then: Callable[[Version], object], version: Version) -> None:
        self.take_saved(version)
        then(version)

    def take_saved(self, version: Version) -> None:
        """It is a version by now; what was written since is not."""
        if self.workflow is not None and version.workflow == self.workflow.pk:
            self.based_on, self.elsewhere = version, None
            self._update_dirty()
            self._examined_text = None  # the next version would be another one
            if self.is_dirty:
                self._later.start()
            self.changed.emit()
            self._examine()

    def on_unsaved(self, error: SmartSpecError) -> None:
        if not isinstance(error, Conflict) or self.workflow is None:
            self._on_refused(error)
            return
        self.context.run(
            self, partial(_latest, self.workflow.id, self.context.workspace), partial(self._on_latest, error)
        )

    def _on_latest(self, error: SmartSpecError, theirs: Version | None) -> None:
        if theirs is None or (self.based_on is not None and theirs.pk == self.based_on.pk):
            self.context.notifications.notify_error(error)  # it was refused for another reason
            return
        self.elsewhere = theirs
        self.changed.emit()
        self.conflicting.emit(theirs)

    def go_on_from(self, theirs: Version, text: str) -> None:
        """A conflict was decided: this text is what is to follow their version."""
        self.based_on, self.elsewhere = theirs, None
        self.write(text)
        self._update_dirty()
        self.keep()
        self.changed.emit()

    # Running

    def saving_to_run(self) -> partial[Version] | None:
        """The command that makes of it what is to run; None where a conflict is to be dealt with first."""
        if self.workflow is None or self._tell_conflict():
            return None
        self._later.stop()
        return self._saving()


# On the threads of the commands


def _examine_text(ref: str, text: str, format: str, workspace: str) -> ExaminedText:
    """What examines knows templates and schemas: the page is there before them."""
    from smartspec.commands import definitions

    return definitions.examine_text(ref, text, format, workspace)


def _latest(ref: str, workspace: str) -> Version | None:
    try:
        return versions.latest_version(ref, workspace)
    except VersionNotFound:
        return None
