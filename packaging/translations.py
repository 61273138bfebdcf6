"""The catalogues of `resources/translations`: what is to be said, taken from the code, and what that is elsewhere.

`smartspec.pot` holds every text of the code, a `.po` what it is in a language, a `.mo` the same as it is read.
Run by `python3 packaging translations`; with `--check` it only tells what is out of date, by its exit code too.
"""

import ast
import io
import json
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from smartspec import languages
from smartspec.cli.help import translate_help

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
SCHEMA = ROOT / "resources" / "schema" / "workflow.schema.json"
LANGUAGES = sorted(set(languages.LANGUAGES) - {languages.ENGLISH})
MARKS = {"_": 1, "N_": 1, "tr": 1, "_n": 2, "trn": 2, "_p": 2, "trp": 2}  # and how many of its arguments are texts
WITH_CONTEXT = frozenset({"_p", "trp"})  # which is the first of them
HELP = frozenset({"help", "epilog"})  # what click shows of its arguments
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # when it was made tells nothing, and would differ each time
Text = tuple[str | tuple[str, ...], str | None]  # with its plural, and its context


def files() -> dict[str, bytes]:
    """What each file of the folder should hold."""
    template = make_template()
    made = {"smartspec.pot": as_po(template)}
    for language in LANGUAGES:
        catalogue = update(language, template)
        made[f"{language}.po"], made[f"{language}.mo"] = as_po(catalogue, with_files=False), as_mo(catalogue)
    return made


def make_template() -> Catalog:
    template = Catalog()
    set_head(template, "# What SmartSpec says.")
    for file in sorted((ROOT / "smartspec").rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        for text, context in texts_of(file.read_bytes(), is_of_terminal=name.startswith("smartspec/cli/")):
            template.add(text, locations=[(name, 0)], context=context)
    for text in texts_of_schema(json.loads(SCHEMA.read_bytes())):
        template.add(text, locations=[(SCHEMA.relative_to(ROOT).as_posix(), 0)])
    return template


def texts_of_schema(part: object) -> Iterator[str]:
    """What the editor's completion and the problems of a file say of a key."""
    if isinstance(part, dict):
        if isinstance(described := part.get("description"), str):
            yield described
        for each in part.values():
            yield from texts_of_schema(each)
    elif isinstance(part, list):
        for each in part:
            yield from texts_of_schema(each)


def texts_of(code: bytes, *, is_of_terminal: bool) -> Iterator[Text]:
    """What is marked in a module, and what its commands say of themselves."""
    tree = ast.parse(code)  # Babel's own reader of Python sees nothing inside of an f-string before Python 3.12
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield from marked(node.func.id, node.args)
    if is_of_terminal:
        for text in texts_of_help(tree):
            yield text, None


def marked(mark: str, arguments: list[ast.expr]) -> Iterator[Text]:
    """The text of a call; none where a template comes from elsewhere, marked there."""
    found = [
        each.value
        for each in arguments[: MARKS[mark]]
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    if len(found) < MARKS[mark]:
        return
    if mark in WITH_CONTEXT:
        yield found[1], found[0]
    else:
        yield found[0] if len(found) == 1 else tuple(found), None


def texts_of_help(tree: ast.AST) -> Iterator[str]:
    """Docstrings of commands, and the help of options, in the parts in which they are translated."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(map(_declares_command, node.decorator_list)):
            found += parts_of_help(ast.get_docstring(node) or "")
        elif isinstance(node, ast.Call):
            found += [
                each.value.value for each in node.keywords
                if each.arg in HELP and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str)
            ]  # fmt: skip
    yield from filter(None, found)


def parts_of_help(text: str) -> list[str]:
    parts: list[str] = []

    def keep(part: str) -> str:
        parts.append(part)
        return part

    translate_help(text, keep)
    return parts


def _declares_command(decorator: ast.expr) -> bool:
    """`@command(…)`, `@click.group(…)`, `@group.command(…)`."""
    if not isinstance(decorator, ast.Call):
        return False
    called = decorator.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in ("command", "group")


def update(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with every text of the template and no other."""
    file = FOLDER / f"{language}.po"
    if file.exists():
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=language)
    else:
        catalogue = Catalog(locale=language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    set_head(catalogue, "# What SmartSpec says, in another language.")
    return catalogue


def set_head(catalogue: Catalog, comment: str) -> None:
    """The same for the same texts, whenever and by whomever it is made."""
    catalogue.header_comment, catalogue.fuzzy = comment, False
    catalogue.project, catalogue.version, catalogue.msgid_bugs_address = "SmartSpec", "catalogue", "none"
    catalogue.last_translator = catalogue.language_team = "none"
    catalogue.creation_date = catalogue.revision_date = NEVER


def as_po(catalogue: Catalog, *, with_files: bool = True) -> bytes:
    stream = io.BytesIO()
    write_po(stream, catalogue, width=100, no_location=not with_files, include_lineno=False, sort_output=True)
    return stream.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Without what is not translated: Babel would write its English there, by the plurals of the other language."""
    known = deepcopy(catalogue)
    for message in catalogue:
        said = (message.string,) if isinstance(message.string, str) else message.string or ("",)
        if message.id and not all(said):
            known.delete(message.id, message.context)
    stream = io.BytesIO()
    write_mo(stream, known)
    return stream.getvalue()


def main() -> int:
    made = files()
    stale = [name for name, data in made.items() if not is_there(FOLDER / name, data)]
    if "--check" in sys.argv:
        print("\n".join(f"out of date: {name}; run `python3 packaging translations`" for name in stale))
        return int(bool(stale))
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        (FOLDER / name).write_bytes(made[name])
    for language in LANGUAGES:
        tell(language)
    return 0


def is_there(file: Path, data: bytes) -> bool:
    return file.exists() and file.read_bytes() == data


def tell(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as stream:
        texts = [each for each in read_po(stream) if each.id]
    done = sum(bool(all(each.string) if isinstance(each.string, tuple) else each.string) for each in texts)
    print(f"{language}: {done} of {len(texts)} texts")


if __name__ == "__main__":
    sys.exit(main())
