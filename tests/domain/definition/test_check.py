"""Every kind of problem, each with the right line, column and path, all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from smartspec.domain.config import ValueType
from smartspec.domain.definition import definition_hash, model, names, schema, task
from smartspec.domain.definition.check import check
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import to_json
from smartspec.domain.definition.parse import parse
from smartspec.domain.json_schema import validation
from smartspec.domain.ranges import RANGES
from smartspec.errors import Problem
from smartspec.messages import translate
from tests.pseudo import untranslated

HEAD = "smartspec: 1\nname: x\n"


def nothing(ref: str) -> Definition | None:
    return None


def found(text: str, lookup: Callable[[str], Definition | None] = nothing) -> tuple[Problem, ...]:
    return check(parse(text), lookup).problems


# text after the header (whose lines are 1 and 2), line, column, path, a part of the sentence
CASES: dict[str, tuple[str, int, int, str, str]] = {
    "unknown key": ("concurrncy: 3\ntasks: {}", 3, 1, "concurrncy", "did you mean “concurrency”?"),
    "unknown task key": ("tasks:\n  a: {run: x, neds: [b]}", 4, 15, "tasks.a.neds", "did you mean “needs”?"),
    "no kind": ("tasks:\n  a: {runs: x}", 4, 3, "tasks.a", "did you mean “run”?"),
    "two kinds": ("tasks:\n  a: {run: x, command: [y]}", 4, 3, "tasks.a", "cannot stand together"),
    "not a mapping": ("tasks:\n  a: 5", 4, 3, "tasks.a", "mapping"),
    "wrong type": ("concurrency: many\ntasks: {}", 3, 1, "concurrency", "must be a whole number"),
    "too small": ("concurrency: 0\ntasks: {}", 3, 1, "concurrency", "at least 1"),
    "bad name": ("tasks:\n  1a: {run: x}", 4, 3, "tasks.1a", "cannot be a name"),
    "bad pack": ("pack: a.b\ntasks: {}", 3, 1, "pack", "not written as it must be"),
    "missing max": ("tasks:\n  a: {run: x, retry: {delay: 1s}}", 4, 15, "tasks.a.retry", "“max” is missing"),
    "bad duration": ("timeout: 10 parsecs\ntasks: {}", 3, 1, "timeout", "“10 parsecs” is not a duration: write a number with ms, s, m, h or d"),
    "bad when": ("tasks:\n  a: {run: x, retry: {max: 1, when: [oops]}}", 4, 38, "tasks.a.retry.when[0]", "not written"),
    "key of another kind": ("tasks:\n  a: {wait: 1s, retry: {max: 1}}", 4, 17, "tasks.a.retry", "does not go with “wait”"),
    "items on a condition": ("tasks:\n  a: {condition: true, with_items: [1]}", 4, 24, "tasks.a.with_items", "does not go with “condition”"),
    "items on a group": ("tasks:\n  a: {parallel: {b: {run: x}}, with_items: [1]}", 4, 32, "tasks.a.with_items", "does not go with “parallel”"),
    "empty group": ("tasks:\n  a: {parallel: {}}", 4, 7, "tasks.a.parallel", "must not be empty"),
    "two in a step": ("tasks:\n  a: {sequential: [{b: {run: x}, c: {run: x}}]}", 4, 20, "tasks.a.sequential[0]", "A step is one task"),
    "unknown need": ("tasks:\n  fetch: {run: x}\n  b: {run: x, needs: [fetsch]}", 5, 23, "tasks.b.needs[0]", "did you mean “fetch”?"),
    "unknown then": ("tasks:\n  b: {condition: true, then: [c]}", 4, 31, "tasks.b.then[0]", "no task “c”"),
    "unknown else": ("tasks:\n  b: {condition: true, else: [c]}", 4, 31, "tasks.b.else[0]", "no task “c”"),
    "cycle": ("tasks:\n  a: {run: x, needs: [c]}\n  b: {run: x, needs: [a]}\n  c: {run: x, needs: [b]}", 4, 15, "tasks.a.needs", "a → c → b → a"),
    "cycle through a branch": ("tasks:\n  g: {condition: true, then: [a]}\n  a: {run: x}\n  b: {needs: [a], run: x}\n  z: {needs: [g], run: x}\n  y: {needs: [y], run: x}", 8, 7, "tasks.y.needs", "y → y"),
    "cycle through a group": ("tasks:\n  g: {needs: [a], parallel: {m: {run: x}}}\n  a: {run: x, needs: [m]}", 4, 7, "tasks.g.needs", "g → a → m → g"),
    "never: failure()": ("tasks:\n  a: {run: x, if: failure()}", 4, 15, "tasks.a.if", "can never run"),
    "never: join": ("tasks:\n  a: {run: x}\n  b: {run: x, needs: [a], join: 2}", 5, 27, "tasks.b.join", "wants 2 needs completed, and has 1"),
    "never: join any": ("tasks:\n  b: {run: x, join: any}", 4, 15, "tasks.b.join", "can never run"),
    "cancelled()": ("tasks:\n  a: {run: x, if: not cancelled()}", 4, 15, "tasks.a.if", "no cancelled()"),
    "text around if": ('tasks:\n  a: {run: x, if: "yes {{ true }}"}', 4, 15, "tasks.a.if", "no text around it"),
    "text around condition": ('tasks:\n  a: {condition: "yes {{ true }}"}', 4, 7, "tasks.a.condition", "no text around it"),
    "text around until": ('tasks:\n  a: {run: x, retry: {max: 1, until: "{{ true }}!"}}', 4, 31, "tasks.a.retry.until", "no text around it"),
    "named by two branches": ("tasks:\n  g: {condition: true, then: [a]}\n  h: {condition: true, else: [a]}\n  a: {run: x}", 5, 31, "tasks.h.else[0]", "named by “g” already"),
    "a branch into a group": ("tasks:\n  g: {condition: true, then: [m]}\n  p: {parallel: {m: {run: x}}}", 4, 31, "tasks.g.then[0]", "name the group"),
    "needs inside a group": ("tasks:\n  a: {run: x}\n  p: {parallel: {m: {run: x, needs: [a]}}}", 5, 30, "tasks.p.parallel.m.needs", "no `needs` of its own"),
    "join inside a group": ("tasks:\n  p: {parallel: {m: {run: x, join: all}}}", 4, 30, "tasks.p.parallel.m.join", "no `join` of its own"),
    "condition inside a group": ("tasks:\n  p: {parallel: {m: {condition: true}}}", 4, 22, "tasks.p.parallel.m.condition", "cannot stand inside a group"),
    "twin names": ("tasks:\n  a: {run: x}\n  p: {parallel: {a: {run: x}}}", 5, 18, "tasks.p.parallel.a", "already a task “a”"),
    "unknown workflow": ("tasks:\n  a: {workflow: no.such}", 4, 7, "tasks.a.workflow", "no workflow “no.such”"),
    "unknown tool": ("tasks:\n  a: {tool: 'tool:n/x@1'}", 4, 7, "tasks.a.tool", "no tool “tool:n/x@1”"),
    "bad template": ('tasks:\n  a: {command: ["{{ x"]}', 4, 17, "tasks.a.command[0]", "“}}” is missing"),
    "statement": ('tasks:\n  a: {run: "{% if x %}"}', 4, 7, "tasks.a.run", "Only expressions"),
    "undeclared param": ('params: {type: object, properties: {day: {}}}\ntasks:\n  a: {command: ["{{ params.dai }}"]}', 5, 17, "tasks.a.command[0]", "did you mean “day”?"),
    "undeclared config": ('tasks:\n  a: {env: {X: "{{ config.url }}"}, run: x}', 4, 13, "tasks.a.env.X", "config.url is not declared"),
    "undeclared var": ('vars: {out: x}\ntasks:\n  a: {cwd: "{{ vars.oot }}", run: x}', 5, 7, "tasks.a.cwd", "did you mean “out”?"),
    "unknown name": ('tasks:\n  a: {command: ["{{ parms.x }}"]}', 4, 17, "tasks.a.command[0]", "did you mean “params”?"),
    "unknown tasks.X": ('tasks:\n  a: {command: ["{{ tasks.b.outputs }}"]}', 4, 17, "tasks.a.command[0]", "no task “b”"),
    "not an ancestor": ('tasks:\n  b: {run: x}\n  a: {command: ["{{ tasks.b.outputs }}"]}', 5, 17, "tasks.a.command[0]", "add it to `needs`"),
    "unknown field of a task": ('tasks:\n  b: {run: x}\n  a: {needs: [b], command: ["{{ tasks.b.output }}"]}', 5, 29, "tasks.a.command[0]", "did you mean “outputs”?"),
    "unknown field of the execution": ('tasks:\n  a: {command: ["{{ execution.nr }}"]}', 4, 17, "tasks.a.command[0]", "execution.nr is not declared"),
    "item without items": ('tasks:\n  a: {command: ["{{ item }}"]}', 4, 17, "tasks.a.command[0]", "“item” is not a name"),
    "failure() outside if": ('tasks:\n  a: {command: ["{{ failure() }}"]}', 4, 17, "tasks.a.command[0]", "can only be asked in an `if`"),
    "result too early": ('tasks:\n  a: {command: ["{{ result.stdout }}"]}', 4, 17, "tasks.a.command[0]", "“result” is not a name"),
    "template in a default": ('params: {type: object, properties: {a: {default: "{{ vars.x }}"}}}\ntasks: {}', 3, 41, "params.properties.a.default", "“vars” is not a name"),
    "items that are text": ('tasks:\n  a: {with_items: "x {{ 1 }}", run: x}', 4, 7, "tasks.a.with_items", "one {{ expression }}"),
    "params that are no schema": ("params: {type: object, properties: {a: {type: strin}}}\ntasks: {}", 3, 41, "params.properties.a.type", "not JSON Schema"),
    "bad regular expression": ('params: {type: object, properties: {a: {pattern: "("}}}\ntasks: {}', 3, 41, "params.properties.a.pattern", "not a regular expression"),
    "bad key of patternProperties": ('params: {type: object, patternProperties: {"(": {}}}\ntasks: {}', 3, 44, "params.patternProperties.(", "not a regular expression"),
    "look-around in a pattern": ('params: {type: object, properties: {a: {pattern: "(?=x)y"}}}\ntasks: {}', 3, 41, "params.properties.a.pattern", "look-around"),
    "back-reference in a pattern": ('params: {type: object, properties: {a: {pattern: "(x)\\\\1"}}}\ntasks: {}', 3, 41, "params.properties.a.pattern", "back-references and"),
    "a pattern that is too large": ('params: {type: object, properties: {a: {pattern: "((a{100}){100}){100}"}}}\ntasks: {}', 3, 41, "params.properties.a.pattern", "too large"),
    "a reference to the net": ('params: {type: object, properties: {a: {$ref: "http://127.0.0.1:18999/s.json"}}}\ntasks: {}', 3, 41, "params.properties.a.$ref", "leads out of the file"),
    "a reference to a file": ('params: {type: object, properties: {a: {$ref: "file:///etc/passwd"}}}\ntasks: {}', 3, 41, "params.properties.a.$ref", "leads out of the file"),
    "a reference to a file beside": ('params: {type: object, properties: {a: {$ref: "other.json#/x"}}}\ntasks: {}', 3, 41, "params.properties.a.$ref", "leads out of the file"),
    "a reference to nothing": ("params: {type: object, properties: {a: {$ref: '#/$defs/x'}}}\ntasks: {}", 3, 41, "params.properties.a.$ref", "leads nowhere"),
    "a reference to no anchor": ("params: {type: object, properties: {a: {$ref: '#x'}}}\ntasks: {}", 3, 41, "params.properties.a.$ref", "leads nowhere"),
    "an endless reference": ("params: {type: object, properties: {a: {$ref: '#/properties/a'}}}\ntasks: {}", 3, 41, "params.properties.a.$ref", "endless"),
    "endless by two": ("params: {type: object, $defs: {a: {$ref: '#/$defs/b'}, b: {anyOf: [{$ref: '#/$defs/a'}]}}}\ntasks: {}", 3, 69, "params.$defs.b.anyOf[0].$ref", "endless"),
    "an unknown draft": ("params: {type: object, $schema: 'http://x/y'}\ntasks: {}", 3, 24, "params.$schema", "no version of JSON Schema"),
    "a default that its schema refuses": ("params: {type: object, properties: {a: {type: integer, default: many}}}\ntasks: {}", 3, 56, "params.properties.a.default", "it must be a whole number, not \"many\""),
    "a default inside that its schema refuses": ("params: {type: object, properties: {a: {type: object, properties: {b: {default: 0, minimum: 3}}}}}\ntasks: {}", 3, 72, "params.properties.a.properties.b.default", "it must be at least 3"),
    "an entry of a default": ("params: {type: object, properties: {a: {items: {type: string}, default: [x, 1]}}}\ntasks: {}", 3, 77, "params.properties.a.default[1]", "must be text, not 1"),
    "a default that a reference refuses": ("params: {type: object, $defs: {d: {enum: [1]}}, properties: {a: {$ref: '#/$defs/d', default: 2}}}\ntasks: {}", 3, 85, "params.properties.a.default", "must be one of 1, not 2"),
    "a chain of schemas": ("params: {type: object, $defs: {" + ", ".join(f"a{n}: {{$ref: '#/$defs/a{n + 1}'}}" for n in range(60)) + ", a60: {}}}\ntasks: {}", 3, 32, "params.$defs.a0", "61 schemas follow one another"),
    "defaults that cannot be validated": ("params: {type: object, $defs: {a0: {}, " + ", ".join(f"a{n + 1}: {{allOf: [{{$ref: '#/$defs/a{n}'}}, {{$ref: '#/$defs/a{n}'}}]}}" for n in range(22)) + "}, properties: {x: {$ref: '#/$defs/a22', default: 1}}}\ntasks: {}", 3, 1, "params", "more than 5,000,000 steps"),
    "a task that begins with a digit": ("tasks:\n  1a: {run: x}", 4, 3, "tasks.1a", "use letters, digits, _ and -, a letter or _ first"),
    "a task that begins with a dash": ("tasks:\n  -a: {run: x}", 4, 3, "tasks.-a", "a letter or _ first"),
    "a task with a dot": ("tasks:\n  a.b: {run: x}", 4, 3, "tasks.a.b", "use letters, digits, _ and -"),
    "a long name": (f"tasks:\n  {'a' * 201}: {{run: x}}", 4, 3, "tasks." + "a" * 201, "200 characters long"),
    "one name written in two ways": ("tasks:\n  é: {run: x}\n  e\u0301: {run: x}", 5, 3, "tasks.e\u0301", "already a task “é”"),
    "a parameter with a dash": ("params: {type: object, properties: {a-b: {}}}\ntasks: {}", 3, 37, "params.properties.a-b", "use letters, digits and _, not"),
    "a subtraction": ('tasks:\n  fetch-data: {run: x}\n  a: {needs: [fetch-data], command: ["{{ tasks.fetch-data.outputs.n }}"]}', 5, 38, "tasks.a.command[0]", 'tasks.fetch-data would be a subtraction; write tasks["fetch-data"].'),
    "a subtraction in if": ('tasks:\n  fetch-2nd: {run: x}\n  a: {needs: [fetch-2nd], if: tasks.fetch-2nd.status == "failed", run: x}', 5, 27, "tasks.a.if", 'write tasks["fetch-2nd"].'),
    "too long a wait": ("tasks:\n  a: {wait: 99999999999d}", 4, 7, "tasks.a.wait", "“99999999999d” is too long: the most is 3,650 days."),
    "too long a wait in seconds": ("tasks:\n  a: {wait: 99999999999}", 4, 7, "tasks.a.wait", "“99999999999” is too long: the most is 3,650 days."),
    "no time at all": ("tasks:\n  a: {run: x, timeout: 0s}", 4, 15, "tasks.a.timeout", "too short: the least is 1 ms."),
    "too long a delay": ("tasks:\n  a: {run: x, retry: {max: 1, delay: 100000d}}", 4, 31, "tasks.a.retry.delay", "too long: the most is 3,650 days."),
    "too long a delay by default": ("defaults: {retry: {max: 1, max_delay: 9000w}}\ntasks: {}", 3, 28, "defaults.retry.max_delay", "too long"),
    "too steep a backoff": ("tasks:\n  a: {run: x, retry: {max: 1, backoff: 1e300}}", 4, 31, "tasks.a.retry.backoff", "This must be at most 1000, not 1e+300."),
    "too many retries": ("tasks:\n  a: {run: x, retry: {max: 1000001}}", 4, 23, "tasks.a.retry.max", "at most 1000000"),
    "too much jitter": ("tasks:\n  a: {run: x, retry: {max: 1, jitter: 1.5}}", 4, 31, "tasks.a.retry.jitter", "at most 1"),
    "too many at once": ("concurrency: 10001\ntasks: {}", 3, 1, "concurrency", "This must be at most 10000, not 10001."),
    "too many items at once": ("tasks:\n  a: {run: x, with_items: [1], concurrency: 1000000000}", 4, 32, "tasks.a.concurrency", "at most 10000"),
    "too many running": ("max_running: 1000000000000000000000\ntasks: {}", 3, 1, "max_running", "at most 10000"),
    "too high a priority": ("priority: 9223372036854775808\ntasks: {}", 3, 1, "priority", "at most 1000000"),
    "too low a priority": ("priority: -9223372036854775809\ntasks: {}", 3, 1, "priority", "at least -1000000"),
    "too large a join": ("tasks:\n  a: {run: x, join: 99999999999}", 4, 15, "tasks.a.join", "at most 10000"),
    "no such exit code": ("tasks:\n  a: {run: x, retry: {max: 1, when: [exit 4294967296]}}", 4, 38, "tasks.a.retry.when[0]", "exit codes are 0 to 4,294,967,295"),
    "no such status": ("tasks:\n  a: {run: x, retry: {max: 1, when: [http 999]}}", 4, 38, "tasks.a.retry.when[0]", "not written"),
    "an expected code out of range": ("tasks:\n  a: {http: {url: x, expect: 600}}", 4, 22, "tasks.a.http.expect", "does not fit"),
    "a number inside a group": ("tasks:\n  g: {sequential: [{a: {wait: 1e30}}]}", 4, 25, "tasks.g.sequential[0].a.wait", "too long"),
    "a number of a handler": ("tasks: {}\nhandlers: {exit: {run: x, timeout: 1e9}}", 4, 27, "handlers.exit.timeout", "too long"),
    "unknown filter": ('tasks:\n  a: {command: ["{{ 1 | uper }}"]}', 4, 17, "tasks.a.command[0]", "There is no filter “uper”; did you mean “upper”?"),
    "unknown filter under default": ('tasks:\n  a: {command: ["{{ params.x | default(1 | nope) }}"]}', 4, 17, "tasks.a.command[0]", "no filter “nope”"),
    "unknown test": ("tasks:\n  a: {run: x, if: 1 is defind}", 4, 15, "tasks.a.if", "There is no test “defind”; did you mean “defined”?"),
    "unknown filter by name": ('tasks:\n  a: {command: ["{{ [1] | map(\'uper\') }}"]}', 4, 17, "tasks.a.command[0]", "no filter “uper”"),
    "unknown test by name": ('tasks:\n  a: {command: ["{{ [{}] | selectattr(\'x\', \'nope\') }}"]}', 4, 17, "tasks.a.command[0]", "no test “nope”"),
    "a long sum": ('tasks:\n  a: {command: ["{{ 1' + " + 1" * 5000 + ' }}"]}', 4, 17, "tasks.a.command[0]", "nested too deeply"),
    "a long chain of filters": ('tasks:\n  a: {command: ["{{ 1' + " | string" * 5000 + ' }}"]}', 4, 17, "tasks.a.command[0]", "nested too deeply"),
    "not not not": ("tasks:\n  a: {run: x, if: " + "not " * 5000 + "true}", 4, 15, "tasks.a.if", "nested too deeply"),
    "deep brackets": ('tasks:\n  a: {command: ["{{ ' + "(" * 5000 + "1" + ")" * 5000 + ' }}"]}', 4, 17, "tasks.a.command[0]", "nested too deeply"),
    "deep lists": ('tasks:\n  a: {command: ["{{ ' + "[" * 5000 + "]" * 5000 + ' }}"]}', 4, 17, "tasks.a.command[0]", "nested too deeply"),
    "a long way of keys": ('tasks:\n  a: {command: ["{{ params' + ".a" * 5000 + ' }}"]}', 4, 17, "tasks.a.command[0]", "nested too deeply"),
    "a number without end": ('tasks:\n  a: {command: ["{{ ' + "1" * 5000 + ' }}"]}', 4, 17, "tasks.a.command[0]", "a number that is too long"),
    "braces of another program": ("tasks:\n  a: {run: \"docker ps --format '{{.Names}}'\"}", 4, 7, "tasks.a.run", "write {{ '{{.Names}}' | q }} in its place"),
    "words of another program": ('tasks:\n  a: {run: "docker inspect -f {{json .State}} x"}', 4, 7, "tasks.a.run", "write {{ '{{json .State}}' | q }} in its place"),
    "default of another type": ("config: {n: {type: number, default: x}}\ntasks: {}", 3, 28, "config.n.default", "“n” is a number"),
    "default of a secret": ("config: {n: {type: secret, default: x}}\ntasks: {}", 3, 28, "config.n.default", "has no default"),
    "unknown type of setting": ("config: {n: {type: blob}}\ntasks: {}", 3, 14, "config.n.type", "not one of string, number"),
    "output of a later task": ('tasks: {a: {run: x}}\noutput: {x: "{{ tasks.b.outputs }}"}', 4, 10, "output.x", "no task “b”"),
    "needs in a handler": ("tasks: {a: {run: x}}\nhandlers: {exit: {run: x, needs: [a]}}", 4, 27, "handlers.exit.needs", "cannot stand here"),
    "unknown handler": ("tasks: {}\nhandlers: {finally: {run: x}}", 4, 12, "handlers.finally", "not a known key"),
    "twice in needs": ("tasks:\n  a: {run: x}\n  b: {run: x, needs: [a, a]}", 5, 15, "tasks.b.needs", "names something twice"),
    "empty command": ("tasks:\n  a: {command: []}", 4, 7, "tasks.a.command", "must not be empty"),
    "http without url": ("tasks:\n  a: {http: {method: GET}}", 4, 7, "tasks.a.http", "“url” is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_problem_is_told_at_its_place(name: str) -> None:
    text, line, column, path, words = CASES[name]
    problems = [each for each in found(HEAD + text) if each.severity == "error"]
    assert [(each.line, each.column, each.path) for each in problems if words in each.sentence] == [
        (line, column, path)
    ]


# What JSON Schema can say; the rest needs to know more than the shape.
SHAPE = (
    "too long a wait in seconds", "too steep a backoff", "too many retries", "too much jitter", "too many at once",
    "too many items at once", "too many running", "too high a priority", "too low a priority", "too large a join",
    "no such status", "an expected code out of range", "a number inside a group", "a number of a handler",
    "unknown key", "unknown task key", "no kind", "two kinds", "not a mapping", "wrong type", "too small", "bad name",
    "a task that begins with a digit", "a task that begins with a dash", "a task with a dot", "a long name",
    "a parameter with a dash", "bad pack", "missing max", "bad duration", "bad when", "key of another kind", "items on a condition",
    "items on a group", "empty group", "two in a step", "unknown type of setting", "needs in a handler",
    "unknown handler", "twice in needs", "empty command", "http without url",
)  # fmt: skip


# What a problem may name that the text does not: keys, values and filters of the format …
FORMAT_WORDS = {
    *(kind.value for kind in task.TaskKind), *names.TASK_FIELDS, *ValueType, "concurrency", "needs", "max", "url", "params",
    "handlers", "cancel", "upper", "defined", "none", "q",
}  # fmt: skip
# … and what stands in it as it is: an address, patterns, what Jinja says
QUOTED = (
    "https://json-schema.org/draft/2020-12/schema", "^[A-Za-z0-9_-]{1,100}$",
    r"^(failed|timeout|exit \d{1,10}|http ([1-5]\d\d|[1-5]xx))$",
    "unexpected end of template, expected 'end of print statement'",
)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_problem_can_be_told_in_another_language(name: str, pseudo: None) -> None:
    text = HEAD + CASES[name][0]
    for problem in found(text):
        shown = translate(problem.sentence)
        for quoted in QUOTED:
            shown = shown.replace(quoted, " ")
        assert untranslated(shown, {*re.findall("[A-Za-z_]+", text), *FORMAT_WORDS}) == []


@pytest.mark.parametrize("name", SHAPE)
def test_the_published_schema_refuses_what_the_loader_refuses(name: str) -> None:
    validator = validation.compile_schema(schema.workflow_schema())
    assert not validator.is_valid(to_json(parse(HEAD + CASES[name][0])))


@pytest.mark.parametrize("name", sorted(CASES.keys() - {*SHAPE}))
def test_the_published_schema_leaves_the_rest_to_the_loader(name: str) -> None:
    validation.compile_schema(schema.workflow_schema()).validate(to_json(parse(HEAD + CASES[name][0])))


def test_the_published_schema_is_a_schema() -> None:
    assert validation.schema_violations(schema.workflow_schema()) == []


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[3] / "resources/samples").glob("*.yaml")), ids=lambda file: file.stem
)
def test_every_sample_is_in_order_and_fits_the_schema(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    validation.compile_schema(schema.workflow_schema()).validate(to_json(parse(text)))
    inventory = model.read(yaml.safe_load((file.parent / "folder-inventory.yaml").read_text(encoding="utf-8")))
    assert found(text, lambda ref: inventory if ref == "samples.folder-inventory" else None) == ()


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = HEAD + "timeout: soon\ntasks:\n  a: {run: x, needs: [b]}\n  c: {waits: 1}\n  d: {run: x, needs: [d]}\n"
    assert [(each.line, each.path) for each in found(text)] == [
        (3, "timeout"), (5, "tasks.a.needs[0]"), (6, "tasks.c"), (7, "tasks.d.needs"),
    ]  # fmt: skip


def test_a_header_that_is_missing_is_told() -> None:
    sentences = [each.sentence for each in found("x: 1")]
    assert {f"The key “{key}” is missing." for key in ("smartspec", "name", "tasks")} <= {*sentences}
    assert "This must be a mapping, not 5." in [each.sentence for each in found("5")]


def test_a_template_in_a_shell_command_is_a_warning_unless_quoted() -> None:
    text = HEAD + 'vars: {v: 1}\ntasks:\n  a: {run: "echo {{ vars.v }}"}\n  b: {run: "echo {{ vars.v | q }}"}\n'
    (warning,) = found(text)
    assert (warning.severity, warning.path, warning.line) == ("warning", "tasks.a.run", 5)


def test_default_and_defined_silence_what_may_be_missing() -> None:
    text = HEAD + 'tasks:\n  a: {command: ["{{ params.x | default(1) }}", "{{ config.y is defined }}"]}\n'
    assert found(text) == ()


def test_extensions_are_kept_and_no_problem() -> None:
    text = HEAD + "x-team: {a: 1}\ntasks:\n  a: {run: x, x-note: hello}\n"
    checked = check(parse(text), nothing)
    assert checked.problems == ()
    tree: Any = checked.tree
    assert tree["x-team"] == {"a": 1} and tree["tasks"]["a"]["x-note"] == "hello"


def test_references_within_the_file_and_recursive_values_are_in_order() -> None:
    text = HEAD + (
        "params: {type: object, $defs: {tree: {$anchor: t, type: object, properties: {name: {type: string},"
        " children: {type: array, items: {$ref: '#t'}}}}}, properties: {root: {$ref: '#/$defs/tree'}}}\ntasks: {}\n"
    )
    assert found(text) == ()


def test_what_can_be_written_for_another_program_is_in_order() -> None:
    assert found(HEAD + "tasks:\n  a: {run: \"docker ps --format {{ '{{.Names}}' | q }}\"}\n") == ()


def test_task_names_have_letters_of_any_script_and_dashes() -> None:
    text = HEAD + (
        "tasks:\n  fetch-data: {run: x}\n  中文: {run: x}\n  _größe-2: {run: x}\n  कार्य: {run: x}\n"
        '  a: {needs: [fetch-data, 中文, _größe-2, कार्य], command: ["{{ tasks[\'fetch-data\'].outputs }}", "{{ tasks.中文.status }}{{ tasks.कार्य.status }}"]}\n'
    )
    assert found(text) == ()


def ranges_of_the_schema() -> dict[str, tuple[object, object]]:
    """What the published schema says, in the units of the table."""
    named = schema.workflow_schema()["$defs"]
    retry, top = named["retry"]["properties"], schema.workflow_schema()["properties"]

    def both(part: dict[str, Any], unit: int = 1) -> tuple[object, object]:
        return part["minimum"] * unit, part["maximum"] * unit

    durations = {
        "timeout": named["run_task"]["properties"]["timeout"], "wait": named["wait_task"]["properties"]["wait"],
        "retry.delay": retry["delay"], "retry.max_delay": retry["max_delay"],
    }  # fmt: skip
    return {
        **{key: both(named[part["$ref"].rpartition("/")[2]]["anyOf"][0], 1000) for key, part in durations.items()},
        **{f"retry.{key}": both(retry[key]) for key in ("max", "backoff", "jitter")},
        **{key: both(top[key]) for key in ("concurrency", "max_running", "priority")},
        "join": both(named["join"]["anyOf"][1]), "http.expect": both(named["expected"]["anyOf"][0]),
    }  # fmt: skip


def test_the_published_schema_has_the_ranges_of_the_table() -> None:
    table = {
        key: (each.smallest, each.largest)
        for key, each in RANGES.items()
        if key != "exit" and not key.startswith(("runner.", "alerts.", "notifications.", "schedule."))
    }
    assert ranges_of_the_schema() == table
    kinds = [f"{kind.value}_task" for kind in task.TaskKind]
    tasks = [schema.workflow_schema()["$defs"][kind]["properties"] for kind in kinds]
    limits = {(each["minimum"], each["maximum"]) for task in tasks if (each := task.get("concurrency"))}
    assert limits == {(RANGES["concurrency"].smallest, RANGES["concurrency"].largest)}
    assert {task["timeout"]["$ref"] for task in tasks if "timeout" in task} == {"#/$defs/timeout"}


def test_whole_numbers_may_be_written_with_a_point() -> None:
    text = (
        HEAD
        + "concurrency: 2.0\nmax_running: 1e1\npriority: 3.0\ntasks:\n  b: {run: x}\n  a: {run: x, needs: [b], join: 1.0, retry: {max: 2.0}}\n"
    )
    definition = check(parse(text), nothing).definition
    assert found(text) == ()
    assert (definition.concurrency, definition.max_running, definition.priority) == (2, 10, 3)
    retry = definition.tasks["a"].retry
    assert definition.tasks["a"].join == 1 and retry is not None and retry.max == 2
    assert {type(each) for each in (definition.concurrency, definition.tasks["a"].join, retry.max)} == {int}


def test_many_warnings_are_no_error() -> None:
    told = found(
        HEAD + "vars: {v: 1}\ntasks:\n" + "".join(f"  t{n}: {{run: 'echo {{{{ vars.v }}}}'}}\n" for n in range(1100))
    )
    assert len(told) == 1100 and {each.severity for each in told} == {"warning"}


def test_groups_that_are_needed_too_often_are_refused() -> None:
    members = ", ".join(f"m{n}: {{wait: 0}}" for n in range(2000))
    text = (
        HEAD
        + f"tasks:\n  g: {{parallel: {{{members}}}}}\n"
        + "".join(f"  t{n}: {{wait: 0, needs: [g]}}\n" for n in range(600))
    )
    (problem,) = found(text)
    assert (problem.path, problem.line) == ("tasks", 3) and "1,200,000 members in all" in problem.sentence


def test_what_comes_before_is_known_through_steps_groups_and_branches() -> None:
    text = HEAD + (
        "tasks:\n  a: {run: x}\n  g: {needs: [a], sequential: [{s1: {run: x}}, {p: {parallel: {m: {run: x}}}}, {s3: {run: x, env:"
        ' {A: "{{ tasks.s1.status }}{{ tasks.m.status }}{{ tasks.a.status }}"}}}]}\n'
        "  c: {needs: [g], condition: \"{{ tasks.m.status == 'completed' }}\", then: [d]}\n"
        '  d: {run: x, env: {A: "{{ tasks.s3.status }}{{ tasks.c.outputs }}"}}\n'
        '  e: {run: x, needs: [a], env: {A: "{{ tasks.s1.status }}"}}\n'
    )
    (problem,) = found(text)
    assert (problem.path, problem.line) == ("tasks.e.env.A", 8) and "tasks.s1 cannot be known here" in problem.sentence


def test_null_true_and_false_are_understood() -> None:
    words = "{{ null }}{{ none }}{{ true }}{{ false }}{{ True }}{{ False }}{{ None }}{{ 1 is null }}"
    text = (
        HEAD + f'tasks:\n  a: {{command: ["{words}"], if: false or true, env: {{X: "{{{{ null | default(1) }}}}"}}}}\n'
    )
    assert found(text) == ()


def test_defaults_that_hang_on_what_is_given_are_left_to_the_start() -> None:
    text = HEAD + (
        "params:\n  type: object\n  properties: {m: {}, n: {type: integer, default: 3},"
        " t: {type: integer, default: '{{ today }}'}, o: {default: {}, required: [p], properties: {p: {default: '{{ now }}'}}}}\n"
        "  if: {properties: {m: {const: x}}}\n  then: {properties: {n: {minimum: 10}}}\ntasks: {}\n"
    )
    assert found(text) == ()


def child(tree: dict[str, Any]) -> Definition:
    return model.read({"smartspec": 1, **tree})


def test_the_input_of_a_sub_workflow_is_checked_against_its_params() -> None:
    inner = child(
        {
            "name": "inner",
            "params": {"type": "object", "required": ["day"], "properties": {"day": {}, "n": {"default": 1}}},
        }
    )
    text = HEAD + "tasks:\n  a: {workflow: inner, input: {dai: 1}}\n"
    told = {(each.path, each.sentence) for each in found(text, lambda ref: inner)}
    assert told == {
        ("tasks.a.input.dai", "default.inner has no parameter “dai”; did you mean “day”?"),
        ("tasks.a", "default.inner needs the parameter “day” in `input`."),
    }


TYPED = {
    "type": "object", "$defs": {"count": {"type": "integer", "minimum": 1}},
    "properties": {
        "n": {"$ref": "#/$defs/count"}, "x": {"type": "number"}, "on": {"type": "boolean"}, "s": {"type": "string"},
        "level": {"enum": [1, 2]}, "either": {"anyOf": [{"type": "integer"}, {"type": "string"}]}, "list": {"type": "array"},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        'n: "3"',
        "n: 3",
        'x: "1.5"',
        'x: "3"',
        'on: "true"',
        's: "5"',
        'level: "2"',
        'either: "7"',
        'n: "{{ 1 }}"',
        "list: [1]",
    ],
)
def test_a_text_that_is_exactly_a_number_or_boolean_is_taken_for_one(given: str) -> None:
    inner = child({"name": "inner", "params": TYPED})
    assert found(HEAD + f"tasks:\n  a: {{workflow: inner, input: {{{given}}}}}\n", lambda ref: inner) == ()


@pytest.mark.parametrize(
    ("given", "why"),
    [("n: many", 'must be a whole number, not "many"'), ("n: 0", "must be at least 1, not 0"), ('n: "0"', "must be at least 1, not 0"),
     ('n: "3.5"', "whole number"), ("on: 'yes'", "true or false"), ("s: 5", "must be text, not 5"), ("level: 3", "one of 1, 2"),
     ("list: '[1]'", "must be a list"), ("n: ' 3'", "whole number"), ("n: '1_000'", "whole number"), ("n: ３", "whole number")],
)  # fmt: skip
def test_an_input_that_does_not_fit_is_told_beforehand(given: str, why: str) -> None:
    inner = child({"name": "inner", "params": TYPED})
    (problem,) = found(HEAD + f"tasks:\n  a: {{workflow: inner, input: {{{given}}}}}\n", lambda ref: inner)
    assert problem.path == f"tasks.a.input.{given.partition(':')[0]}" and why in problem.sentence


def test_workflows_that_start_each_other_are_named_as_a_path() -> None:
    others = {
        "default.b": child({"name": "b", "tasks": {"t": {"workflow": "default.c"}}}),
        "default.c": child({"name": "c", "tasks": {"t": {"workflow": "default.x"}}}),
    }
    (problem,) = found(HEAD + "tasks:\n  a: {workflow: default.b}\n", others.get)
    assert (problem.path, problem.line) == ("tasks.a.workflow", 4)
    assert "default.x → default.b → default.c → default.x" in problem.sentence


def test_workflows_may_be_ten_deep() -> None:
    def lookup(ref: str) -> Definition:
        depth = int(ref.rpartition("w")[2])
        return child({"name": f"w{depth}", "tasks": {"t": {"workflow": f"default.w{depth + 1}"}}})

    (problem,) = found(HEAD + "tasks:\n  a: {workflow: default.w1}\n", lookup)
    assert "10 deep" in problem.sentence


def test_workflows_that_meet_again_and_again_are_walked_once() -> None:
    """Nine levels of twenty, each of which starts all of the next: 20⁸ paths."""
    levels = [[f"w{level}-{number}" for number in range(20)] for level in range(9)]
    others: dict[str, Definition] = {}
    for level, following in zip(levels, [*levels[1:], []], strict=True):
        tasks = {f"t{number}": {"workflow": f"default.{name}"} for number, name in enumerate(following)}
        others |= {f"default.{name}": child({"name": name, "tasks": tasks or {"t": {"run": "x"}}}) for name in level}
    asked: list[str] = []

    def lookup(ref: str) -> Definition | None:
        asked.append(ref)
        return others.get(ref)

    assert found(HEAD + "tasks:\n  a: {workflow: default.w0-0}\n", lookup) == ()
    assert len(asked) == len(set(asked)) == 1 + 8 * 20


def test_the_limits_are_told() -> None:
    many = HEAD + "tasks:\n" + "".join(f"  t{i}: {{wait: 0}}\n" for i in range(10_001))
    assert "10,001 tasks; at most 10,000" in found(many)[0].sentence
    items = HEAD + f"tasks:\n  a: {{run: x, with_items: [{', '.join(['1'] * 100_001)}]}}\n"
    assert "100,001 items; at most 100,000" in found(items)[0].sentence


def test_yaml_and_json_twins_have_the_same_hash() -> None:
    for file in (Path(__file__).parents[3] / "resources/samples").glob("*.yaml"):
        tree: Any = to_json(parse(file.read_text(encoding="utf-8")))
        twin: Any = to_json(parse(json.dumps(tree, indent=1), "json"))
        assert definition_hash.definition_hash(tree) == definition_hash.definition_hash(twin)


BASE: dict[str, Any] = {
    "smartspec": 1,
    "name": "x",
    "tasks": {"a": {"run": "1", "env": {"x-y": "1", "B": "2"}}, "b": {"run": "2"}},
}


@pytest.mark.parametrize(
    "change",
    [{"name": "y"}, {"pack": "p"}, {"version": "9"}, {"description": "d"}, {"category": "c"}, {"tags": ["t"]}, {"x-a": 1},
     {"tasks": {"a": {"x-note": 1, "env": {"B": "2", "x-y": "1"}, "run": "1"}, "b": {"run": "2"}}}],
)  # fmt: skip
def test_what_does_not_change_the_meaning_does_not_change_the_hash(change: dict[str, Any]) -> None:
    assert definition_hash.definition_hash({**BASE, **change}) == definition_hash.definition_hash(BASE)


@pytest.mark.parametrize(
    "change",
    [{"timeout": 1}, {"tasks": {"b": {"run": "2"}, "a": {"run": "1", "env": {"x-y": "1", "B": "2"}}}},
     {"tasks": {"a": {"run": "1", "env": {"x-y": "2", "B": "2"}}, "b": {"run": "2"}}}, {"handlers": {"exit": {"run": "x"}}}],
)  # fmt: skip
def test_what_changes_the_meaning_changes_the_hash(change: dict[str, Any]) -> None:
    assert definition_hash.definition_hash({**BASE, **change}) != definition_hash.definition_hash(BASE)


def test_an_operator_that_no_expression_may_use_is_told(problems: Callable[..., list[tuple[str, str]]]) -> None:
    found = problems({"tasks": {"a": {"run": "true", "env": {"N": "{{ 9 ** 9 }}"}}}})
    assert [path for path, _ in found] == ["tasks.a.env.N"] and "** is not available" in found[0][1]
