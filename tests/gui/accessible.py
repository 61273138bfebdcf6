"""The window as a screen reader is told of it: roles and names, without what differs from one machine or day to another.

Rows of tables and trees are what a person stores, not what the window is: their names are looked at, but not kept.
"""

from __future__ import annotations

import platform
import re
import socket
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from smartspec.commands.actor import user
from smartspec.value import frozen

R = QAccessible.Role
_ROWS = {R.Cell, R.TreeItem, R.ListItem, R.Row}
_CONTROLS = {R.Button, R.CheckBox, R.RadioButton, R.ComboBox, R.EditableText, R.SpinBox, R.PageTab, R.MenuItem,
             R.ButtonMenu, R.ButtonDropDown, R.Link, R.Slider}  # fmt: skip
_CONTAINERS = {R.Client, R.Border, R.LayeredPane, R.Pane, R.Splitter, R.Grouping, R.Grip, R.NoRole, R.Separator,
               R.Whitespace, R.Graphic, R.StaticText, R.ScrollBar}  # fmt: skip
_MOST_ROWS = 200
_UNIT = r"(?:ms|s|m|min|h|d|days?|weeks?|months?|hours?|minutes?|seconds?)"
_MONTH = (
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?"
)
_VARYING = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"(?:/[^\s/,;:“”]+){2,}/?|[A-Z]:\\[^\s,;“”]+", "PATH"),
        (r"\b(?=[0-9a-f-]*\d)[0-9a-f]{8}(?:-?[0-9a-f]{4,12})*\b", "ID"),
        (r"\b(?:just now|yesterday|today|tomorrow)\b", "WHEN"),
        (r"\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b", "DAY"),
        (rf"\b(?:{_MONTH})\b", "MONTH"),
        (r"\d[\d.,:–-]*", "N"),
        (r"\bN\s(?:[KMGT]i?B|kB|B|bytes?)(?!\w)", "SIZE"),
        (rf"\bN\s{_UNIT}(?:\sN\s?{_UNIT})*(?: ago)?\b", "TIME"),
        (r"\b(?:DAY|MONTH|WHEN|N)(?:[ ,]+(?:DAY|MONTH|WHEN|N|at))*[ ,]+(?:DAY|MONTH|WHEN|N)\b", "WHEN"),
    )
)


def _filesystems() -> re.Pattern[str]:
    """The names of those that are there."""
    mounts = Path("/proc/mounts")
    lines = mounts.read_text(encoding="utf-8").splitlines() if mounts.exists() else []
    names = sorted({line.split()[2] for line in lines}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?!\w)")


_FILESYSTEMS = _filesystems()


@frozen
class Node:
    """One thing that can be reached, and how deep in others it stands; `owner` is the class of its widget."""

    depth: int
    role: QAccessible.Role
    name: str
    can_have_focus: bool
    owner: str

    @property
    def is_row(self) -> bool:
        return self.role in _ROWS

    @property
    def is_unnamed(self) -> bool:
        """Though a person gets to it, and hears nothing."""
        return not self.name.strip() and (self.can_have_focus or self.role in _CONTROLS or self.is_row)

    @property
    def line(self) -> str:
        """`·` marks what can have the keyboard."""
        if self.is_row:
            return "  " * self.depth + f"{self.role.name} …"
        told = f"{self.role.name} “{stable(self.name)}”" if self.name else self.role.name
        return "  " * self.depth + told + (" ·" if self.can_have_focus else "")


def stable(text: str) -> str:
    """The same on each machine, whenever it is read."""
    text = text.replace(socket.gethostname(), "HOST").replace(f"{platform.system()} {platform.release()}", "SYSTEM")
    text = _FILESYSTEMS.sub("FILESYSTEM", text)
    text = re.sub(rf"(?<!\")\b{re.escape(user())}\b", "USER", text)
    for pattern, word in _VARYING:
        text = pattern.sub(word, text)
    return " ".join(text.split())


def nodes_of(root: QWidget) -> list[Node]:
    """What stands in a widget, in the order in which it is read; containers that say nothing are left out."""
    interface = QAccessible.queryAccessibleInterface(root)
    return [] if interface is None else [*_walk(interface, 0, "")]


def _walk(at: QAccessibleInterface, depth: int, owner: str) -> Iterator[Node]:
    state, role, widget = at.state(), at.role(), at.object()
    if state.invisible:
        return
    owner = type(widget).__name__ if isinstance(widget, QWidget) else owner
    node = Node(depth, role, _name(at, role), bool(state.focusable), owner)
    is_told = bool(node.name.strip()) or node.can_have_focus or role not in _CONTAINERS
    if is_told:
        yield node
    for place in range(min(at.childCount(), _MOST_ROWS)):
        child = at.child(place)
        if child is not None and child.isValid():
            yield from _walk(child, depth + is_told, owner)


def _name(at: QAccessibleInterface, role: QAccessible.Role) -> str:
    """Of a choice its label: what it is called is what is chosen in it."""
    if role != R.ComboBox:
        return at.text(QAccessible.Text.Name)
    labels = [other for other, _kind in at.relations(QAccessible.RelationFlag.Label)]
    return " ".join(each.text(QAccessible.Text.Name) for each in labels if each is not None)


def lines_of(nodes: list[Node]) -> list[str]:
    """As they are stored; of rows, only that there are some. What clears a line fades in and out: it is left out."""
    lines: list[str] = []
    for node in nodes:
        if node.owner == "QToolButton" and node.name == "Clear":
            continue
        if not node.is_row or not lines or lines[-1] != node.line:
            lines.append(node.line)
    return lines
