"""What people read is marked for translation: texts with places for values, never put together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from smartspec import errors
from tests.source import each_module, tree_of

_ERRORS = frozenset(
    name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, Exception)
)
# Who shows what, and which of the arguments it is; None: any
_SHOWS: dict[str, int | None] = {
    **dict.fromkeys(_ERRORS, 0),
    "Problem": 1,
    **dict.fromkeys(("echo", "confirm", "progress", "UsageError", "BadParameter", "ClickException", "fail"), 0),
    **dict.fromkeys(
        ("setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription",
         "setInformativeText", "setTitle", "setStatusTip", "addTab", "addItem", "addItems", "addAction", "addButton",
         "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction"),
        None,
    ),
    **dict.fromkeys(("label", "button", "toast"), 0),
}  # fmt: skip
_MARKS = {"_": 1, "_n": 2, "_p": 2, "N_": 1, "tr": 1, "trn": 2, "trp": 2}  # and how many of its arguments are texts
_PLURALS = frozenset({"_n", "trn"})
_CONTEXTS = frozenset({"_p", "trp"})
_LETTERS = re.compile("[A-Za-z]{2}")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_OLD_PLACE = re.compile(r"\{\d*\}|\{[a-z_]+[.:!\[][^}]*\}")
_NAMES = frozenset({"SmartSpec"})


def called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def is_raw(node: ast.expr) -> bool:
    """Whether it is put together here out of words of the code."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(_LETTERS.search(node.value)) and node.value not in _NAMES
    if isinstance(node, ast.JoinedStr):
        return any(map(is_raw, node.values))
    if isinstance(node, ast.FormattedValue):
        return is_raw(node.value)
    if isinstance(node, ast.BinOp):
        return is_raw(node.left) or is_raw(node.right)
    if isinstance(node, ast.IfExp):
        return is_raw(node.body) or is_raw(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
        return is_raw(node.func.value)
    return False


def raw_texts(tree: ast.AST) -> Iterator[int]:
    """The lines where a text is shown that no catalogue knows, or one is marked in the way of `str.format`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called(node.func)
        if name in _SHOWS:
            which = _SHOWS[name]
            if any(map(is_raw, node.args if which is None else node.args[which : which + 1])):
                yield node.lineno
        elif name in _MARKS:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if any(map(_OLD_PLACE.search, texts)):
                yield node.lineno


def bad_marks(tree: ast.AST) -> Iterator[str]:
    """What is marked, but as no literal, or with places and values that are not the same."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _MARKS:
            continue
        name, texts = node.func.id, node.args[: _MARKS[node.func.id]]
        if any(isinstance(each, ast.JoinedStr | ast.BinOp | ast.Call) for each in texts):
            yield f"{node.lineno}: no literal"
        literal = [str(each.value) for each in texts if isinstance(each, ast.Constant)]
        if name == "N_" or len(literal) < len(texts) or any(each.arg is None for each in node.keywords):
            continue
        given = {each.arg for each in node.keywords} | ({"n"} if name in _PLURALS else set())
        wanted = set(_PLACE.findall(" ".join(literal[1:] if name in _CONTEXTS else literal)))
        if wanted ^ given - {"n"} and wanted ^ given:
            yield f"{node.lineno}: {', '.join(sorted(map(str, wanted ^ given)))}"


@each_module
def test_no_text_is_shown_that_cannot_be_translated(file: Path) -> None:
    assert list(raw_texts(tree_of(file))) == []


@each_module
def test_what_is_marked_can_be_extracted_and_filled(file: Path) -> None:
    assert list(bad_marks(tree_of(file))) == []


def test_negative_control_raw_texts_are_found() -> None:
    code = """
raise Invalid(f"“{name}” is taken.")
raise Invalid(_("“{name}” is taken.", name=name), problems)
Problem("tasks", "needs " + key)
Problem("tasks", sentence)
label.setText("Save" if x else "")
label.setText(tr("Save"))
label.setText(f"{a} · {b}")
echo("There is {0}.".format(x))
label.setText(tr("{0} of {1}").format(a, b))
"""
    assert list(raw_texts(ast.parse(code))) == [2, 4, 6, 9, 10]


def test_negative_control_bad_marks_are_found() -> None:
    code = """
_(f"{a} is gone")
_("a" + b)
tr("{a} is {b}", a=a)
tr("{a}", a=a, b=b)
_n("{n} task", "{n} tasks of {a}", n, a=a)
_n("one task", "{n} tasks", n)
_p("state", "{a}", a=a)
tr(CONSTANT, a=a)
tr("{a}", **values)
tr("${{ x }} {0}")
"""
    assert list(bad_marks(ast.parse(code))) == ["2: no literal", "3: no literal", "4: b", "5: b"]
