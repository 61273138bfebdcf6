"""The workflow that does what a line of a crontab did, as the text of its file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from smartspec.importers.crontab import CrontabJob, takes_input
from smartspec.importers.crontab_secrets import Secret
from smartspec.messages import _

_TEMPLATE = re.compile(r"\{[{%#]")
_GOES_ON = re.compile(r"[;\n]")


def workflow_source(job: CrontabJob, pack: str = "cron", *, keep_secrets: bool = False) -> str:
    """Its secrets become settings of the workflow that hold nothing yet, unless they are to stay where they stand."""
    secrets = () if keep_secrets else job.secrets
    names = _variable_names(secrets, job.variables)
    command = _without_secrets(job.run, secrets, names)
    environment = {name: _literal(value) for name, value in job.variables.items()}
    environment |= {names[each.name]: f"{{{{ config.{each.name} }}}}" for each in secrets}
    lines = [
        "smartspec: 1",
        f"name: {_quoted(job.name)}",
        f"pack: {pack}",
        f"description: {_quoted(_description(job))}",
    ]
    if secrets:
        lines += ["config:", *(f"  {each.name}: {{type: secret}}" for each in secrets)]
    if environment:
        lines += ["env:", *(f"  {_quoted(name)}: {_quoted(value)}" for name, value in environment.items())]
    lines += ["tasks:", "  job:", *_block("run", _script(command, _stdin(job))), '    cwd: "~"']
    if job.shell and job.shell != "/bin/sh":
        lines.append(f"    shell: {_quoted(job.shell)}")
    return "\n".join([*lines, ""])


def _description(job: CrontabJob) -> str:
    return job.description or str(_("Line {line} of a crontab: {text}", line=job.line, text=_shown(job)))


def _shown(job: CrontabJob) -> str:
    """Without the passwords in it."""
    text = " ".join(job.run.split())
    for each in job.secrets:
        text = text.replace(each.value, "…")
    return text[:200]


def _script(command: str, stdin: str) -> str:
    """As cron's `sh -c` would: what follows on a failure runs, where `sh -e` would end."""
    begin = "set +e\n" if _GOES_ON.search(command) else ""
    if not stdin:
        return begin + _literal(command)
    end = _word_that_is_not_in(stdin)
    return f"{begin}{{\n{_literal(command)}\n}} <<'{end}'\n{_literal(stdin)}{end}"


def _stdin(job: CrontabJob) -> str:
    return job.stdin if takes_input(job.shell) else ""


def _word_that_is_not_in(text: str) -> str:
    word = "END"
    while word in text.split("\n"):
        word += "_"
    return word


def _literal(text: str) -> str:
    """Braces that are the command's own, not a template's."""
    return _TEMPLATE.sub(lambda braces: "{{ '" + braces[0] + "' }}", text)


def _quoted(text: str) -> str:
    """A scalar of YAML, which takes those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _block(key: str, text: str) -> Iterable[str]:
    if not all(each.isprintable() or each in "\n\t" for each in text) or text[:1].isspace():
        return [f"    {key}: {json.dumps(text)}"]
    return [f"    {key}: |-", *(f"      {line}" if line else "" for line in text.split("\n"))]


# Secrets


def _variable_names(secrets: Iterable[Secret], variables: Mapping[str, str]) -> dict[str, str]:
    """The variable of each: that of its assignment, else its name in capitals."""
    found = {}
    for each in secrets:
        same = next((name for name, value in variables.items() if each.variable and value == each.value), None)
        found[each.name] = same or each.name.upper()
    return found


def _without_secrets(command: str, secrets: Iterable[Secret], names: Mapping[str, str]) -> str:
    for each in secrets:
        variable = names[each.name]
        own = re.compile(rf"(?<![\w$-]){variable}=([\"']?){re.escape(each.value)}\1\s+")
        command = own.sub("", command)
        command = _expanded(command, each.value, variable)
    return command


def _expanded(command: str, value: str, variable: str) -> str:
    """Every place of a value takes the variable, in or out of quotes."""
    made, quote, at = "", "", 0
    while at < len(command):
        if command.startswith(value, at):
            made += {"": f'"${{{variable}}}"', '"': f"${{{variable}}}", "'": f"'\"${{{variable}}}\"'"}[quote]
            at += len(value)
            continue
        letter = command[at]
        if letter == "\\" and quote != "'":
            made, at = made + command[at : at + 2], at + 2
            continue
        if letter in "\"'" and quote in ("", letter):
            quote = "" if quote else letter
        made, at = made + letter, at + 1
    return made
