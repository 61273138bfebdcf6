"""What becomes of a file that is imported, in words, icons and colours."""

from __future__ import annotations

from pathlib import Path

from smartspec.commands.import_choices import ImportChoice
from smartspec.commands.import_preview import ImportPreview, ImportState
from smartspec.gui.style.formatting import number
from smartspec.messages import _, tr, translate, trn
from smartspec.value import frozen, mutable

S = ImportState


@frozen
class StateStyle:
    word: str
    icon: str
    colour: str


STYLES = {
    S.NEW: StateStyle(_("New"), "plus", "completed"),
    S.CHANGED: StateStyle(_("Changed"), "pencil-simple", "accent_text"),
    S.SAME: StateStyle(_("Unchanged"), "equals", "text3"),
    S.PROBLEMS: StateStyle(_("Problems"), "x-circle-fill", "failed"),
    S.LEFT_OUT: StateStyle(_("Left out"), "prohibit", "text3"),
}
ORDER = {S.CHANGED: 0, S.NEW: 1, S.PROBLEMS: 2, S.SAME: 3, S.LEFT_OUT: 4}  # in the list
QUIET = frozenset({S.SAME, S.LEFT_OUT})


@mutable
class ImportItem:
    """A file, and what a person chose: whether it is taken, mended, under another name, or in another's place."""

    preview: ImportPreview
    is_taken: bool
    name: str | None = None
    moves: bool = False
    is_mended: bool = False

    @property
    def file(self) -> str:
        return Path(self.preview.source.name).name

    @property
    def can_be_taken(self) -> bool:
        """One that is no workflow cannot, nor one that stands in another's way until it is said what becomes of it."""
        is_solved = not self.preview.conflict or self.name is not None or self.moves
        return self.preview.state is not S.LEFT_OUT and is_solved

    @property
    def is_draft_only(self) -> bool:
        return self.preview.state is S.PROBLEMS

    def choice(self, drafts: bool) -> ImportChoice:
        return ImportChoice(self.preview.source, drafts or self.is_draft_only, self.name, self.moves)

    @property
    def word(self) -> str:
        return translate(STYLES[self.preview.state].word)

    @property
    def more(self) -> str:
        """What stands below its state."""
        preview = self.preview
        if preview.conflict and not self.can_be_taken:
            return tr("name taken")
        if preview.state is S.NEW:
            return trn("{n} task", "{n} tasks", preview.tasks)
        if preview.state is S.PROBLEMS:
            return trn("{n} error", "{n} errors", preview.errors)
        if preview.state is S.LEFT_OUT:
            return ""
        old = preview.current.version if preview.current else ""
        return f"v{old} → v{preview.label}" if preview.state is S.CHANGED else tr("is v{version}", version=old)

    @property
    def below(self) -> str:
        """What stands below its name: what it would be, or in short why it is nothing."""
        if self.preview.ref:
            return self.preview.ref
        if not self.preview.source.text:
            return tr("It cannot be read.")
        return translate(self.preview.why)

    @property
    def has_warnings(self) -> bool:
        return len(self.preview.problems) > self.preview.errors

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        taken = tr("chosen") if self.is_taken else tr("not chosen")
        return ", ".join((self.file, self.word, self.more, taken))


def new_item(preview: ImportPreview) -> ImportItem:
    """As it is proposed: what changes nothing, and what stands in the way of another, is left out."""
    return ImportItem(preview, preview.state not in QUIET and not preview.conflict)


def verb(items: list[ImportItem], drafts: bool) -> str:
    """What the button does."""
    taken = [each for each in items if each.is_taken]
    as_drafts = sum(drafts or each.is_draft_only for each in taken)
    if taken and as_drafts == len(taken):
        return trn("Import as a draft", "Import {n} as drafts", len(taken))
    if as_drafts:
        whole = number(len(taken))
        return trn("Import {whole}, {n} as a draft", "Import {whole}, {n} as drafts", as_drafts, whole=whole)
    return tr("Import {n}", n=number(len(taken))) if taken else tr("Import")


def summary(items: list[ImportItem]) -> tuple[str, str]:
    """What is taken, and what is not."""
    taken = [each.preview.state for each in items if each.is_taken]
    left = [each.preview.state for each in items if not each.is_taken]
    told = [
        trn("{n} new", "{n} new", taken.count(S.NEW)) if S.NEW in taken else "",
        trn("{n} changed", "{n} changed", taken.count(S.CHANGED)) if S.CHANGED in taken else "",
        trn("{n} unchanged", "{n} unchanged", taken.count(S.SAME)) if S.SAME in taken else "",
        trn("{n} with problems", "{n} with problems", taken.count(S.PROBLEMS)) if S.PROBLEMS in taken else "",
    ]
    chosen = ", ".join(filter(None, told)) or tr("Nothing is chosen")
    return chosen, trn("{n} file is left out", "{n} files are left out", len(left)) if left else ""
