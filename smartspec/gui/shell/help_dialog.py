"""How it works, in questions and answers."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QVBoxLayout,
    QWidget,
)

from smartspec.gui.widgets.dialogs import close_buttons, plain_dialog, scrolled
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column
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
     "sent anywhere.")),
)  # fmt: skip


def help_dialog(parent: QWidget) -> QDialog:
    """How it works, for who never read a line."""
    made = plain_dialog(tr("How it works"), parent)
    inner = QWidget()
    rows = column(margins=(8, 8, 16, 8), spacing=4)
    for question, answer in _HELP:
        rows.addWidget(label(translate(question), "heading"))
        words = label(translate(answer), "secondary")
        words.setWordWrap(True)
        rows.addWidget(words)
        rows.addSpacing(8)
    rows.addStretch(1)
    inner.setLayout(rows)
    layout = QVBoxLayout(made)
    layout.addWidget(scrolled(inner))
    layout.addWidget(close_buttons(made))
    made.resize(600, 560)
    return made
