"""What can be written at a place of a workflow file: keys by the schema, tasks, and names in templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smartspec.domain.definition.schema import SchemaPart, workflow_schema
from smartspec.domain.definition.task import TaskKind
from smartspec.messages import Message, _
from smartspec.value import frozen

_KEY = re.compile(r"^(\s*)(?:- )?([^\W\d][\w-]*):(.*)$")
_TEMPLATE = re.compile(r"""\{\{[^}]*?((?:tasks\[(?:"[^"]*"|'[^']*')\]|[^\W\d]\w*)(?:\.\w*)*|tasks\[["']?[\w-]*)?$""")
_BRACKETED = re.compile(r"""^tasks\[(?:"([^"]*)"|'([^']*)')\]""")
_KIND = re.compile(rf"(?:^|[{{,\s])({'|'.join(TaskKind)}):", re.MULTILINE)
_NEAR = 500  # characters before the cursor that are looked at: searching takes the square of that
_LISTS_OF_TASKS = ("needs", "then", "else")
_ROOTS = {
    "params": _("the parameters"), "config": _("the settings"), "vars": _("the vars"), "tasks": _("what tasks gave"),
    "execution": _("this execution"), "now": _("when it is due"), "today": _("the day of that"),
    "item": _("the item of with_items"), "env": _("the environment"),
}  # fmt: skip
_A_TASK, _A_PARAMETER = _("a task"), _("a parameter")


@frozen
class CompletionItem:
    """A word that fits, and what it is for, to be shown by `messages.translate`."""

    word: str
    meaning: str = ""


@frozen
class Completions:
    """`prefix` is how much of the word is written already."""

    prefix: str
    words: tuple[CompletionItem, ...]


def completions(text: str, position: int) -> Completions:
    """What fits at a position (in characters) of a YAML text, however incomplete that is."""
    before = text[:position]
    line = before.rpartition("\n")[2]
    near = line[-_NEAR:]
    if match := _TEMPLATE.search(near):
        prefix = _BRACKETED.sub(r"tasks.\1\2", match[1] or "")
        if prefix.startswith("tasks["):
            return _chosen(prefix.removeprefix("tasks["), _bracketed(text, prefix[6:7]))
        return _chosen(prefix, _in_template(text, prefix), dotted=True)
    path = _path(before)
    written = re.search(r"[\w-]*$", near)
    word = written[0] if written else ""
    if _inside_list_of_tasks(line, path):
        return _chosen(word, [CompletionItem(name, _A_TASK) for name in names_under(text, "tasks")])
    if _KEY.match(line):
        return _chosen(word, _values(path, line))
    return _chosen(word, list(_keys(path)))


def _chosen(prefix: str, found: list[CompletionItem], *, dotted: bool = False) -> Completions:
    last = prefix.rpartition(".")[2] if dotted else prefix
    fitting = {each.word: each for each in found if each.word.startswith(last) and each.word != last}
    return Completions(last, tuple(fitting.values()))


def _path(before: str) -> list[str]:
    """The keys that the last line stands below, by indentation."""
    *lines, last = before.split("\n")
    depth = len(last) - len(last.lstrip(" -"))
    path: list[str] = []
    for line in reversed(lines):
        match = _KEY.match(line)
        if match and line.strip() and not line.lstrip().startswith("#"):
            indent = len(line) - len(line.lstrip(" -"))
            if indent < depth:
                path.insert(0, match[2])
                depth = indent
        if depth == 0:
            break
    return path


def _inside_list_of_tasks(line: str, path: list[str]) -> bool:
    match = _KEY.match(line)
    if match and match[2] in _LISTS_OF_TASKS:
        return True
    return bool(path) and path[-1] in _LISTS_OF_TASKS and line.lstrip().startswith("-")


def _keys(path: list[str]) -> Iterator[CompletionItem]:
    seen: set[str] = set()
    for schema in _at(path):
        for key, each in schema.get("properties", {}).items():
            if key not in seen:
                seen.add(key)
                yield CompletionItem(f"{key}: ", _meaning(each))


def _values(path: list[str], line: str) -> list[CompletionItem]:
    match = _KEY.match(line)
    if match is None:
        return []
    found = []
    for schema in _at([*path, match[2]]):
        found += [CompletionItem(str(each)) for each in schema.get("enum", ())]
        found += [CompletionItem(str(each)) for part in schema.get("anyOf", ()) for each in part.get("enum", ())]
        if schema.get("type") == "boolean":
            found += [CompletionItem("true"), CompletionItem("false")]
    return found


def _at(path: list[str]) -> list[SchemaPart]:
    """The schemas that hold below some keys; of a task those of every kind."""
    found = _unfolded(workflow_schema())
    for key in path:
        inner = []
        for schema in found:
            each = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if isinstance(each, dict):
                inner += _unfolded(each)
        found = inner
    return found


def _unfolded(schema: SchemaPart) -> list[SchemaPart]:
    """With references followed and choices side by side."""
    if "$ref" in schema:
        return _unfolded(workflow_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    found = [schema]
    for part in schema.get("allOf", ()):
        found += _unfolded(part.get("then", part))
    if isinstance(schema.get("items"), dict):
        found += _unfolded(schema["items"])
    return found


def _meaning(schema: object) -> str:
    if isinstance(schema, dict):
        for each in _unfolded(schema):
            if "description" in each:
                return Message(each["description"])  # the texts of the schema are in the catalogues too
    return ""


def _in_template(text: str, prefix: str) -> list[CompletionItem]:
    root, dot, rest = prefix.partition(".")
    if not dot:
        return [CompletionItem(name, meaning) for name, meaning in _ROOTS.items()]
    if root == "tasks":
        if "." not in rest:
            return [CompletionItem(name, _A_TASK) for name in names_under(text, "tasks") if name.isidentifier()]
        return [CompletionItem(name) for name in ("outputs", "status", "result", "error", "exit_code")]
    if root == "params":
        return [CompletionItem(name, _A_PARAMETER) for name in names_under(text, "params", "properties")]
    if root == "execution":
        return [CompletionItem(name) for name in ("id", "number", "attempt", "scheduled_for", "workflow", "version")]
    return [CompletionItem(name) for name in names_under(text, root)] if root in ("config", "vars") else []


def _bracketed(text: str, quote: str) -> list[CompletionItem]:
    """What closes tasks["…, for names that cannot follow a dot; `quote` is empty where it is not written yet."""
    quote = quote or '"'
    return [CompletionItem(f"{quote}{name}{quote}]", _A_TASK) for name in names_under(text, "tasks")]


def names_under(text: str, *keys: str) -> list[str]:
    """The keys one level below some others: the names of tasks, settings, parameters. Lines are enough for it."""
    return [*_blocks_under(text, *keys)]


def task_kinds(text: str) -> dict[str, str]:
    """Of each task the key that says what it does (run, command…); empty where none is written yet."""
    found = {name: _KIND.search("\n".join(lines)) for name, lines in _blocks_under(text, "tasks").items()}
    return {name: match[1] if match else "" for name, match in found.items()}


def _blocks_under(text: str, *keys: str) -> dict[str, list[str]]:
    """Each of those names with its lines."""
    depth, wanted, found = -1, list(keys), dict[str, list[str]]()
    child, name = None, ""
    for line in text.split("\n"):
        match = _KEY.match(line)
        if match is None:
            if name and not line.lstrip().startswith("#"):
                found[name].append(line)
            continue
        indent = len(match[1])
        if wanted:
            if match[2] == wanted[0] and indent > depth:
                depth = indent
                wanted.pop(0)
            continue
        if indent <= depth:
            break
        child = indent if child is None else child
        if indent == child:
            name = match[2]
            found[name] = [match[3]]
        else:
            found[name].append(line)
    return found
