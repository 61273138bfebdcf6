"""Dialogs of our own: a sheet over the dimmed window, a question for a line, and the one before what is for good."""

from smartspec.gui.widgets.dialogs.dialog import Dialog
from smartspec.gui.widgets.dialogs.parts import breakable, text_to_read, wrapped
from smartspec.gui.widgets.dialogs.question import Question, ask_text
from smartspec.gui.widgets.dialogs.scrolled import scrolled
from smartspec.gui.widgets.dialogs.sure import confirm

__all__ = [
    "Dialog",
    "Question",
    "ask_text",
    "breakable",
    "confirm",
    "scrolled",
    "text_to_read",
    "wrapped",
]
