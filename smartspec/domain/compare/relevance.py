"""What a change has to do with the tasks that ended otherwise: how likely it explains them, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cached_property
from typing import NamedTuple

from smartspec.domain.compare.compared_execution import ComparedExecution, TaskPair
from smartspec.domain.definition import graph, model
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import TaskExecution
from smartspec.domain.jsontext import canonical
from smartspec.messages import Message, _


class Weight(NamedTuple):
    """`score` from 0 to 100 is how likely something explains the rest; `why` is a reason, to stand in a sentence."""

    why: Message
    score: int


class Relevance:
    """How near the tasks that ended otherwise are to a part of the definition, or to a name that tasks use."""

    def __init__(
        self, old: ComparedExecution, new: ComparedExecution, pairs: tuple[TaskPair, ...], suspects: tuple[str, ...]
    ) -> None:
        self._old, self._new, self._pairs, self.suspects = old, new, pairs, suspects
        self.definition = model.read(new.tree or old.tree or {})

    @cached_property
    def upstream(self) -> set[str]:
        """The tasks that come before a suspect."""
        before = graph.ancestors(graph.dependencies(self.definition))
        return {each for name in self.suspects if name in self.definition.tasks for each in before(name)}

    @property
    def first(self) -> str:
        """The first suspect, empty where there is none."""
        return self.suspects[0] if self.suspects else ""

    def user(self, name: str, tasks: Collection[str]) -> str:
        """The first of some tasks that uses a name, as config.key or $VARIABLE; empty where none does."""
        return next((task for task in tasks if _mentions(self._texts.get(task, ""), name)), "")

    def is_any(self, asked: Callable[[TaskExecution], bool], *tasks: str) -> bool:
        """Whether something is true of a later attempt of a task, of any suspect where none is named."""
        wanted = tasks or self.suspects
        return any(pair.new is not None and asked(pair.new) for pair in self._pairs if pair.task in wanted)

    @cached_property
    def _texts(self) -> dict[str, str]:
        """What each task says, with what it takes from `vars` and the workflow's `env`."""
        shared = {f"vars.{name}": value for name, value in self.definition.vars.items()}
        shared |= self.definition.env
        texts = {}
        for name, task in self.definition.tasks.items():
            text = canonical([task.body, *task.outer_env])
            taken = [canonical(value) for key, value in shared.items() if _mentions(text, key)]
            texts[name] = "\n".join([text, *taken])
        return texts

    def of_path(self, path: str) -> Weight:
        """Of a part of the definition, as tasks.fetch.retry."""
        root, _dot, rest = path.partition(".")
        name, _dot, key = rest.partition(".")
        if root == "tasks":
            return self._of_task(name, key.partition(".")[0])
        if root in ("vars", "config", "params", "env"):
            return self.of_name(name if root == "env" else f"{root}.{name}", 85)
        if root == "defaults":
            return Weight(_("it holds for every task that does not say otherwise"), 70)
        if root == "timeout" and self._new.execution.status == "timeout":
            return Weight(_("the execution ran out of time"), 92)
        if root == "output":
            is_it = "output" in (self._old.execution.status_reason, self._new.execution.status_reason)
            return Weight(_("it is what failed"), 95) if is_it else Weight(_("it is worked out after all tasks"), 15)
        return Weight(_("it holds for the whole workflow"), 35)

    def _of_task(self, name: str, key: str) -> Weight:
        if name in self.suspects and key in ("retry", "continue_on_error"):
            return Weight(_("it says what follows when {task} fails, not whether it does", task=name), 35)
        if name in self.suspects and key == "timeout" and not self.is_any(_is_timeout, name):
            return Weight(_("{task} did not run out of time", task=name), 25)
        if name in self.suspects:
            return Weight(_("{task} is the task that ended otherwise", task=name), 95)
        if name in self.upstream:
            return Weight(_("{task} comes after {before}", task=self.first, before=name), 75)
        return Weight(_("nothing that ended otherwise depends on it"), 20)

    def of_name(self, name: str, most: int) -> Weight:
        """Of what templates name, as config.key; `most` is the score where a suspect uses it."""
        if user := self.user(name, self.suspects):
            return Weight(_("{task}, which ended otherwise, uses it", task=user), most)
        if user := self.user(name, self.upstream):
            return Weight(_("{task}, which comes before {suspect}, uses it", task=user, suspect=self.first), most - 20)
        return Weight(_("no task that ended otherwise uses it"), 25)


def _is_timeout(row: TaskExecution) -> bool:
    return row.status is TaskStatus.TIMEOUT


def _mentions(text: str, name: str) -> bool:
    """Whether a text names something: config.key, also as config['key'], or a variable."""
    root, dot, key = name.partition(".")
    if not dot:
        return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text) is not None
    pattern = rf"\b{re.escape(root)}(?:\.{re.escape(key)}\b|\[\\?['\"]{re.escape(key)}\\?['\"]\])"
    return re.search(pattern, text) is not None
