"""The rules of what runs, once more and as small as they can be said: nothing at a time, no rows, no threads, no clock.

A task is a dict as in a definition. Its command succeeds from its n-th attempt on: `run` is the text of `succeeds(n)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Word = str  # a status; of a skip with its reason: "skipped needs_failed"
NEUTRAL = {"skipped if", "skipped not_taken", "skipped needs_skipped"}
NEVER = 99
BROKEN_TEMPLATE = "{{ {}['a'].b }}"


def succeeds(from_attempt: int) -> str:
    return f'test "$SMARTSPEC_ATTEMPT" -ge {from_attempt}'


SUCCEEDS_FROM_ITEM = 'test "$SMARTSPEC_ATTEMPT" -ge "$SMARTSPEC_ITEM"'


@dataclass
class Node:
    name: str
    spec: dict[str, Any]
    group: str | None = None
    earlier: list[str] = field(default_factory=list)  # steps before it in a sequential group
    members: list[str] = field(default_factory=list)
    branch: tuple[str, str] | None = None  # the condition that names it, and the side

    @property
    def asks_of_failures(self) -> bool:
        condition = self.spec.get("if", "")
        return "failure()" in condition or "always()" in condition


def flattened(tasks: dict[str, Any], group: str | None = None) -> dict[str, Node]:
    """Every task in the order of the file, a group before its members."""
    nodes: dict[str, Node] = {}
    for name, spec in tasks.items():
        inside = spec.get("parallel") or {n: s for step in spec.get("sequential", []) for n, s in step.items()}
        nodes[name] = Node(name, spec, group, members=[*inside])
        nodes |= flattened(inside, name)
        if "sequential" in spec:
            for index, member in enumerate(inside):
                nodes[member].earlier = [*inside][:index]
    for node in list(nodes.values()):
        for side in ("then", "else"):
            for named in node.spec.get(side, []):
                nodes[named].branch = (node.name, side)
    return nodes


class Model:
    """Plays an execution; `rows` are the words of all attempts by task and item."""

    def __init__(self, definition: dict[str, Any]) -> None:
        self.definition = definition
        self.nodes = flattened(definition["tasks"])
        self.ends: dict[str, Word] = {}
        self.taken: dict[str, str] = {}
        self.begun: set[str] = set()  # groups
        self.items: dict[str, dict[int, Word]] = {}  # of the tasks that have begun, by item
        self.ready: list[tuple[str, int]] = []  # units that have not begun
        self.rows: dict[tuple[str, int], list[Word]] = {}
        self.results: dict[str, dict[int, Word]] = {}  # what the items came to of the tasks that have ended
        self.has_failed = False

    # Marks

    def mark(self, name: str) -> str | None:
        word = self.ends.get(name)
        if word is None:
            return None
        if word == "completed":
            return "done"
        if word in NEUTRAL:
            return "passed"
        is_failure = word == "failed"
        return "tolerated" if is_failure and self.nodes[name].spec.get("continue_on_error") else "broken"

    # A round

    def play(self) -> str:
        """One round to its end; the answer is the status of the execution."""
        self.has_failed = False
        while True:
            while self.decide_one():
                pass
            if not self.ready:
                break
            self.work(*min(self.ready, key=lambda unit: ([*self.nodes].index(unit[0]), unit[1])))
        top = [self.mark(name) for name, node in self.nodes.items() if node.group is None]
        status = "failed" if "broken" in top else "completed"
        for handler in ("success" if status == "completed" else "failure", "exit"):
            if spec := self.definition.get("handlers", {}).get(handler):
                self.note(f"handlers.{handler}", 0, self.attempted(f"handlers.{handler}", 0, spec))
        return status

    def decide_one(self) -> bool:
        for name, node in self.nodes.items():
            if name in self.begun and all(member in self.ends for member in node.members):
                broken = any(self.mark(member) == "broken" for member in node.members)
                self.end(name, "failed" if broken else "completed")
                return True
            if self.is_open(name) and (decision := self.decision(node)) is not None:
                if decision == "run" and self.is_held_back(node):
                    decision = "skipped fail_fast"
                self.begin(node) if decision == "run" else self.end(name, decision)
                return True
        return self.hold_back()

    def is_open(self, name: str) -> bool:
        return name not in self.ends and name not in self.begun and name not in self.items

    def is_held_back(self, node: Node) -> bool:
        return bool(self.definition.get("fail_fast")) and self.has_failed and not node.asks_of_failures

    def decision(self, node: Node) -> str | None:
        gate = None
        if node.group is not None and node.group not in self.begun:
            outside = self.ends.get(node.group)
            return "skipped needs_failed" if outside == "failed" else outside
        if node.branch is not None:
            condition, side = node.branch
            gate = self.mark(condition)
            if gate is None:
                return None
            if gate in ("passed", "tolerated"):
                return "skipped needs_skipped"
            if gate == "done" and self.taken[condition] != side:
                return "skipped not_taken"
        return self.by_needs(node, gate == "broken")

    def by_needs(self, node: Node, is_shut: bool) -> str | None:
        marks = [self.mark(need) for need in [*node.spec.get("needs", []), *node.earlier]]
        join = node.spec.get("join", "all")
        broken = "broken" in marks or is_shut
        if join == "all":
            worked = not marks or node.group is not None or "done" in marks or "tolerated" in marks
            satisfied = None not in marks and not broken and worked
        else:
            satisfied = not is_shut and marks.count("done") >= (1 if join == "any" else join)
        if None in marks and (node.asks_of_failures or not satisfied):
            return None
        if not satisfied and not node.asks_of_failures:
            return "skipped needs_failed" if broken or "tolerated" in marks else "skipped needs_skipped"
        condition = node.spec.get("if")
        if condition is None:
            return "run"
        if condition == "{{ 1 }}":
            return "failed"
        says = {"success()": satisfied, "failure()": broken, "always()": True, "true": True, "false": False}
        python = condition
        for word, value in says.items():
            python = python.replace(word, str(value))
        return "run" if eval(python) else "skipped if"  # noqa: S307 - a few words of our own

    def begin(self, node: Node) -> None:
        if node.members:
            self.begun.add(node.name)
        elif "condition" in node.spec:
            self.take(node)
        else:
            values = node.spec.get("with_items", [None])
            if values == []:
                self.end(node.name, "completed")
                return
            self.items[node.name] = self.items.get(node.name, {})
            self.ready += [(node.name, item) for item in range(len(values)) if item not in self.items[node.name]]

    def take(self, node: Node) -> None:
        if node.spec["condition"] == BROKEN_TEMPLATE:
            self.end(node.name, "failed")
            return
        self.taken[node.name] = "then" if node.spec["condition"] == "true" else "else"
        self.end(node.name, "completed")

    def end(self, name: str, word: Word, *, has_rows: bool = False) -> None:
        self.ends[name] = word
        self.begun.discard(name)
        self.items.pop(name, None)
        if not has_rows:
            self.note(name, 0, word)
        if self.nodes[name].group is None and self.mark(name) == "broken":
            self.has_failed = True

    def note(self, name: str, item: int, word: Word) -> None:
        self.rows.setdefault((name, item), []).append(word)

    # Units

    def work(self, name: str, item: int) -> None:
        """One unit, with all its retries."""
        self.ready.remove((name, item))
        spec = self.nodes[name].spec
        for _ in range(1 + spec.get("retry", {}).get("max", 0)):
            word = self.attempted(name, item, spec)
            self.note(name, item, word)
            if word == "completed" or "env" in spec:
                break
        self.settle(name, item, word)

    def attempted(self, name: str, item: int, spec: dict[str, Any]) -> Word:
        if "env" in spec:  # its template fails
            return "failed"
        number = len(self.rows.get((name, item), [])) + 1
        first = spec["with_items"][item] if "with_items" in spec else int(spec["run"].rpartition(" ")[2])
        return "completed" if number >= first else "failed"

    def settle(self, name: str, item: int, word: Word) -> None:
        items, spec = self.items[name], self.nodes[name].spec
        items[item] = word
        if word != "completed" and spec.get("fail_fast"):
            self.skip([unit for unit in self.ready if unit[0] == name])
        self.end_if_complete(name)

    def end_if_complete(self, name: str) -> None:
        items = self.items[name]
        if len(items) == len(self.nodes[name].spec.get("with_items", [None])):
            is_done = all(word == "completed" for word in items.values())
            self.results[name] = dict(items)
            self.end(name, "completed" if is_done else "failed", has_rows=True)

    def skip(self, units: list[tuple[str, int]]) -> None:
        for name, item in units:
            self.ready.remove((name, item))
            self.items[name][item] = "skipped fail_fast"
            self.note(name, item, "skipped fail_fast")

    def hold_back(self) -> bool:
        """fail_fast: what is ready and has not begun does not begin any more."""
        held = [unit for unit in self.ready if self.is_held_back(self.nodes[unit[0]])]
        for name in dict.fromkeys(name for name, _ in held):
            units = [unit for unit in held if unit[0] == name]
            if not self.items[name]:  # nothing of it has begun: it is skipped as a whole
                self.ready = [unit for unit in self.ready if unit[0] != name]
                self.end(name, "skipped fail_fast")
            else:
                self.skip(units)
                self.end_if_complete(name)
        return bool(held)

    # A re-run

    def inside(self, name: str) -> list[str]:
        return [name, *(each for member in self.nodes[name].members for each in self.inside(member))]

    def rerun(self) -> str:
        """The ✗ tasks and everything downstream of one are decided anew; the rest is kept."""
        broken = {name for name in self.nodes if self.mark(name) == "broken"}
        below: set[str] = set()
        while more := {name for name in set(self.nodes) - below if self.is_below(name, broken, below)}:
            below |= more
        anew = broken | below
        groups = {name for name, node in self.nodes.items() if node.members and anew & {*self.inside(name)}}
        for name in anew | groups:
            had_begun = bool(self.nodes[name].members) and self.ends[name] in ("completed", "failed")
            if had_begun and name not in below and not self.failed_unbegun(name):
                self.begun.add(name)
            del self.ends[name]
            kept = {} if name in below else self.results.get(name, {})
            self.results.pop(name, None)
            kept = {item: word for item, word in kept.items() if word == "completed"}
            if kept and "with_items" in self.nodes[name].spec:
                self.items[name] = kept
        for name in list(self.items):  # they go on where they were
            self.begin(self.nodes[name])
        return self.play()

    def failed_unbegun(self, name: str) -> bool:
        """A group of which the `if` failed."""
        return self.nodes[name].spec.get("if") == "{{ 1 }}"

    def is_below(self, name: str, broken: set[str], below: set[str]) -> bool:
        node = self.nodes[name]
        before = [each for need in [*node.spec.get("needs", []), *node.earlier] for each in self.inside(need)]
        before += [node.branch[0]] if node.branch else []
        return bool({*before} & (broken | below)) or node.group in below
