"""Functions whose every call is an execution: plain ones, coroutines, generators and asynchronous generators."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from smartspec.api.values import to_json
from smartspec.domain.jsontext import Json


class Block(Protocol):
    """What is recorded; `output` is what it gives in the end."""

    output: Any


Recorded = Callable[[Json], AbstractContextManager[Block]]


def recorded(function: Callable[..., object], record: Recorded) -> Callable[..., Any]:
    """A function that does what this one does; `record` makes the block of a call from its arguments.

    A generator is recorded from its first step to its end; one that is closed early has ended where it was.
    """
    for is_kind, wrap in _KINDS:
        if is_kind(function):
            return functools.wraps(function)(wrap(function, record))
    return functools.wraps(function)(_plain(function, record))


def _plain(function: Callable[..., object], record: Recorded) -> Callable[..., Any]:
    def call(*args: object, **kwargs: object) -> object:
        with record(arguments(function, args, kwargs)) as block:
            answer = function(*args, **kwargs)
            _give(block, answer)
            return answer

    return call


def _coroutine(function: Callable[..., Any], record: Recorded) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> object:
        with record(arguments(function, args, kwargs)) as block:
            answer = await function(*args, **kwargs)
            _give(block, answer)
            return answer

    return call


def _generator(function: Callable[..., Any], record: Recorded) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with record(arguments(function, args, kwargs)) as block:
            answer = yield from function(*args, **kwargs)
            _give(block, answer)
            return answer

    return call


def _asynchronous_generator(function: Callable[..., Any], record: Recorded) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> object:
        with record(arguments(function, args, kwargs)):
            inner = function(*args, **kwargs)
            step = inner.asend(None)
            while True:
                try:
                    value = await step
                except StopAsyncIteration:
                    return
                try:
                    step = inner.asend((yield value))
                except GeneratorExit:
                    await inner.aclose()
                    raise
                except BaseException as error:  # noqa: BLE001 - thrown in by the consumer: it is the inner one's
                    step = inner.athrow(error)

    return call


_KINDS = (
    (inspect.isasyncgenfunction, _asynchronous_generator),
    (inspect.iscoroutinefunction, _coroutine),
    (inspect.isgeneratorfunction, _generator),
)


def _give(block: Block, answer: object) -> None:
    block.output = None if answer is None else {"result": answer}


def arguments(function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> Json:
    """The arguments of a call by name; None where it takes none, or they do not fit."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except (TypeError, ValueError):
        return None  # the call itself will say what is wrong with it
    bound.apply_defaults()
    given = {name: to_json(value) for name, value in bound.arguments.items() if name not in ("self", "cls")}
    return given or None
