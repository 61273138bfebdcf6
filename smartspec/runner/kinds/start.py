"""What a kind is given to prepare its process from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smartspec.domain.jsontext import Json


@dataclass(frozen=True, slots=True)
class Start:
    """`body` is the task's, rendered; `scratch` a folder that exists; `name` is unique in it; `python` a setting."""

    body: Mapping[str, Json]
    env: Mapping[str, str]
    scratch: Path
    name: str
    python: str
