"""The help of a command in the language that is spoken: paragraph by paragraph, the lines of examples as they are."""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable
from typing import TypeVar

import click

from smartspec import messages
from smartspec.messages import tr

C = TypeVar("C", bound=click.Command)
_FIRST_SENTENCE = re.compile(r"(?s).*?(?:[。！？]|[.!?](?=\s|$)|$)")


def in_language(command: C) -> C:
    """The command with its help, and that of its parameters, translated; in English itself."""
    if messages.is_english():
        return command
    made = copy.copy(command)
    made._help_option = None  # click makes it once, in the language that was spoken then
    if command.help:
        made.help = translate_help(command.help)
        made.short_help = (_FIRST_SENTENCE.match(made.help) or [""])[0].rstrip(".。")
    made.epilog = tr(command.epilog) if command.epilog else None
    made.params = [_translated_parameter(each) for each in command.params]
    return made


def translate_help(text: str, say: Callable[[str], str] = tr) -> str:
    """`say` is handed each paragraph, and what introduces the examples, which stand indented behind a \\b."""
    return "\n\n".join(_paragraph(each, say) for each in inspect.cleandoc(text).split("\n\n"))


def _paragraph(text: str, say: Callable[[str], str]) -> str:
    if not text.startswith("\b\n"):
        return say(" ".join(text.split()))
    return "\n".join(line if line[:1] in ("", " ", "\b") else say(line) for line in text.split("\n"))


def _translated_parameter(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option) or not parameter.help:
        return parameter
    made = copy.copy(parameter)
    made.help = tr(parameter.help)
    return made
