"""How it works, in questions and answers."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from smartspec.gui.widgets.dialogs import Dialog, wrapped
from smartspec.gui.widgets.labels import label
from smartspec.messages import _, tr, translate

_HELP = (
    (_("What is a workflow?"),
     _("A YAML file of tasks: commands on this machine and the order they run in. Its text is kept as versions; "
     "nothing that was ever saved is lost.")),
    (_("How do I make one?"),
     _("File, New workflow: it begins with one task that runs. Or drop a .yaml or .json file on the window. The tab "
     "Definition checks the text while you type and says what is wrong and where.")),
    (_("How do I run it?"),
     _("The button Run, or Ctrl+Enter. Ctrl+Shift+Enter asks for parameters first. It is run by a process of its own, "
     "so it keeps running when this window is closed.")),
    (_("How does it run by itself?"),
     _("Schedules (Ctrl+3), New schedule: choose the times, or write them as cron. A process of its own starts it "
     "then, also when this window is closed; Runs in the background, in the settings, starts that process with each "
     "login. Simulate shows what the coming days would bring, and runs nothing.")),
    (_("How do I hear of a failure?"),
     _("Settings, Notifications: switch on the messages of this desktop, or add a command, a web address or mail. The "
     "icon in the notification area says how it stands, where the desktop has such an area.")),
    (_("How do I stop it?"),
     _("Ctrl+. cancels what runs. Run, Pause lets the running tasks end and starts no others.")),
    (_("It failed. Why?"),
     _("Open the execution: the red strip says what failed, the log stands below. Compare sets it beside the last one "
     "that worked, the likely reason first. Re-run failed runs only what failed and what comes after it.")),
    (_("How do I find something?"),
     _("Type in the search at the top: words that occur anywhere, and filters such as status:failed, wf:backup, "
     "after:mon, dur:>5m. History shows the same filter as chips.")),
    (_("How do I go back to an old version?"),
     _("The tab Versions shows what changed, in words and lines. Restore makes a new version of the old text; nothing "
     "is overwritten.")),
    (_("I deleted the wrong thing."),
     _("Ctrl+Z, or Undo in the note that appears. Later: the Trash below the list of workflows.")),
    (_("Where is it all?"),
     _("In one folder, which Tools, Open the data folder shows: one SQLite file, and long logs beside it. Nothing is "
     "sent anywhere unless you say where.")),
)  # fmt: skip


def help_dialog(parent: QWidget) -> Dialog:
    """How it works, for who never read a line."""
    made = Dialog(parent, tr("How it works"), tr("Eleven questions, and their answers"), width=640, height=600)
    for question, answer in _HELP:
        made.body.addWidget(label(translate(question), "heading"))
        made.body.addWidget(wrapped(translate(answer), "secondary"))
        made.body.addSpacing(8)
    made.body.addStretch(1)
    made.body.setSpacing(4)
    made.add_button(tr("Close"), then=made.reject)
    return made
