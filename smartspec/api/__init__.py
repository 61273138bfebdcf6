"""SmartSpec for Python programs: record what they do, run workflows, look back.

>>> import smartspec
>>> with smartspec.record("train", input={"epochs": 3}) as execution:
...     execution.log("epoch 1")
...     execution.output = {"loss": 0.2}

Its parts are tasks, where that is wanted, each with times, a log, an input and an output of its own:

>>> with smartspec.record("etl") as execution:
...     with execution.task("load", input={"file": "a.csv"}) as task:
...         task.log("12 rows")
...         task.output = {"rows": 12}

A decorator records every call, with its arguments as the input and what it returns as the output; coroutines,
generators and asynchronous generators too, as they end. What the function prints is in the log:

>>> @smartspec.record("add")
... def add(one: int, other: int) -> int:
...     print("adding")
...     return one + other
>>> add(1, other=2)
adding
3

Looking back takes what the terminal's `history` takes, newest first:

>>> [(each.label, each.input, each.output) for each in smartspec.executions("add", status="completed")]
[('add #1', {'one': 1, 'other': 2}, {'result': 3})]

Every command of the terminal is a function too, reached by its name:

>>> smartspec.call("get_database_stats")["execution_count"]
3

The ledger is the one of the terminal: SMARTSPEC_DB, else in the data folder. A program whose work cannot be recorded
goes on; a warning says what was wrong.
"""

from smartspec.api.query import executions
from smartspec.api.records import Record, record
from smartspec.api.runs import Run, run

__all__ = ["Record", "Run", "executions", "record", "run"]
