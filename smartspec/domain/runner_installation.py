"""Whether a runner of a ledger starts at login, and what is so about it."""

from __future__ import annotations

from smartspec.messages import Message, _, join, sentences
from smartspec.value import frozen

_KINDS = {
    "systemd": _("a user service of systemd"),
    "autostart": _("an autostart entry of the desktop"),
    "launch_agent": _("a launch agent"),
    "run_key": _("a value of the Run key"),
}


@frozen
class RunnerInstallation:
    """`kind` is systemd, autostart, launch_agent or run_key, and empty where nothing is installed; `place` the file.

    `problems` are what keeps it from starting; `is_lingering`: it runs without a login too. `serves` is the process of
    a background runner, None where there is none or nobody looked. `others` are the files for other ledgers.
    """

    database: str
    kind: str = ""
    place: str = ""
    command: tuple[str, ...] = ()
    problems: tuple[Message, ...] = ()
    is_lingering: bool = False
    serves: int | None = None
    others: tuple[str, ...] = ()

    @property
    def is_installed(self) -> bool:
        return bool(self.kind)

    @property
    def headline(self) -> Message:
        if not self.is_installed:
            return _("No runner of {file} starts at login; one starts when there is work.", file=self.database)
        return _("A runner of {file} starts at login: {place} ({kind}).", file=self.database, place=self.place,
                 kind=_KINDS[self.kind])  # fmt: skip

    @property
    def serving(self) -> Message:
        if self.serves is None:
            return _("No background runner serves now.")
        return _("A background runner serves now: process {pid}.", pid=self.serves)

    @property
    def end(self) -> Message:
        """When it starts and ends, where that is not what one might think."""
        if self.kind == "autostart":
            return _("A desktop starts it; where nobody logs in to one, nothing does.")
        if self.kind != "systemd":
            return Message("")
        if self.is_lingering:
            return _("It goes on when you are logged out.")
        return _("It ends when you log out; `{command}` lets it go on.", command="smartspec runner install --linger")

    @property
    def report(self) -> Message:
        """All of it, a sentence a line."""
        others = [_("Another one starts at login, of another ledger: {place}.", place=each) for each in self.others]
        told = [self.headline, *self.problems, self.end if not self.problems else "", self.serving, *others]
        return join("\n", [each for each in told if each])

    @property
    def summary(self) -> Message:
        """What a person sees below the switch: what stays so until somebody changes it."""
        if not self.is_installed:
            return Message("")
        return sentences([*(self.problems or filter(None, [self.end])), _("It stands in {place}.", place=self.place)])
