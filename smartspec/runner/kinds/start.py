"""What a kind is given to prepare its process from."""

from collections.abc import Mapping
from pathlib import Path

from smartspec.domain.jsontext import JsonObject
from smartspec.value import frozen


@frozen
class Start:
    """`body` is the task's, rendered; `scratch` a folder that exists; `name` is unique in it; `python` a setting."""

    body: JsonObject
    env: Mapping[str, str]
    scratch: Path
    name: str
    python: str
