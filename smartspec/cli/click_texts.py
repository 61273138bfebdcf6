"""What click says of its own accord, in the language that is spoken.

Click takes its texts from gettext's own catalogue, which other programs' texts would be in, too; so the functions that
its modules look them up by are replaced by ones that ask the catalogue of this program.
"""

from __future__ import annotations

import sys

from smartspec import messages
from smartspec.messages import N_, tr

# By what click has as a text. Its places for values are those of `str.format`, and stay in the translation.
_TEXTS = {
    "Usage:": N_("Usage:"),
    "Options": N_("Options"),
    "Commands": N_("Commands"),
    "default: {default}": N_("default: {default}"),
    "Show this message and exit.": N_("Show this message and exit."),
    "Aborted!": N_("Aborted!"),
    "Missing command.": N_("Missing command."),
    "Missing argument": N_("Missing argument"),
    "Missing option": N_("Missing option"),
    "Invalid value: {message}": N_("Invalid value: {message}"),
    "Invalid value for {param_hint}: {message}": N_("Invalid value for {param_hint}: {message}"),
    "No such option {name!r}.": N_("No such option '{name}'."),
    "No such command {name!r}.": N_("No such command '{name}'."),
    "Did you mean {possibility}?": N_("Did you mean {possibility}?"),
    "(Did you mean one of: {possibilities}?)": N_("(Did you mean one of: {possibilities}?)"),
    "Option {name!r} does not take a value.": N_("Option '{name}' does not take a value."),
    "Option {name!r} requires an argument.": N_("Option '{name}' requires an argument."),
    "Option {name!r} requires {nargs} arguments.": N_("Option '{name}' requires {nargs} arguments."),
    "Got unexpected extra argument ({args})": N_("Got unexpected extra argument ({args})"),
    "Got unexpected extra arguments ({args})": N_("Got unexpected extra arguments ({args})"),
    "Takes {nargs} values but 1 was given.": N_("Takes {nargs} values but 1 was given."),
    "Takes {nargs} values but {len} were given.": N_("Takes {nargs} values but {len} were given."),
    "Choose from:\n\t{choices}": N_("Choose from:\n\t{choices}"),
    "{value!r} is not {choice}.": N_("'{value}' is not {choice}."),
    "{value!r} is not one of {choices}.": N_("'{value}' is not one of {choices}."),
    "{value!r} is not a valid {number_type}.": N_("'{value}' is not a valid number."),
    "{value} is not in the range {range}.": N_("{value} is not in the range {range}."),
    "{name} {filename!r} does not exist.": N_("{name} '{filename}' does not exist."),
    "{name} {filename!r} is a file.": N_("{name} '{filename}' is a file."),
    "{name} {filename!r} is a directory.": N_("{name} '{filename}' is a directory."),
    "{name} {filename!r} is not readable.": N_("{name} '{filename}' is not readable."),
    "Could not open file {filename!r}: {message}": N_("Could not open file '{filename}': {message}"),
    "Repeat for confirmation": N_("Repeat for confirmation"),
    "Error: {message}": N_("Error: {message}"),
    "Error: invalid input": N_("Error: invalid input"),
}


def install() -> None:
    """From now on click says what it says in the language that is spoken then; English as it has it itself."""
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            for function, ours in (("_", _gettext), ("ngettext", _ngettext)):
                if hasattr(module, function):
                    setattr(module, function, ours)


def _gettext(text: str) -> str:
    return text if messages.is_english() or text not in _TEXTS else tr(_TEXTS[text])


def _ngettext(one: str, many: str, n: int) -> str:
    return _gettext(one if n == 1 else many)
