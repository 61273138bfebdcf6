"""Why nothing, or not all, is seen of the files that a schedule waits for, in words: out of codes that are stored."""

from __future__ import annotations

from smartspec.messages import N_, Message, _

_PROBLEMS = {
    "missing": N_("{path} is not there."),
    "away": N_("The disk or share of {path} is not mounted; what changed on it is told of when it is."),
    "denied": N_("{path} cannot be read: permission denied."),
    "many": N_("{path} has more than 10,000 entries, so nothing in it is watched: name a folder in it."),
    "no_folder": N_("{path} is a file, not a folder with files in it."),
    "unanswered": N_("{path} does not answer; it is looked at again when it does."),
    "partly": N_("{rest} in {path} cannot be read: permission denied."),
    "error": N_("{path} cannot be read: {rest}."),
}


def problem_in_words(code: str, path: str) -> Message:
    """A sentence. What another version of the program wrote is shown as it stands."""
    name, _colon, rest = code.partition(": ")
    return _(_PROBLEMS[name], path=path, rest=rest) if name in _PROBLEMS else Message(code)
