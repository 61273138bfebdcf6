"""The official cases of JSON Schema, validated as the input of a workflow is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smartspec.domain.definition import param_schema
from smartspec.domain.json_schema import validation

SUITE = Path(__file__).parents[2] / "data/json-schema"
DRAFTS = {"draft2020-12": validation.LATEST, "draft7": "http://json-schema.org/draft-07/schema#"}
FILES = sorted(SUITE.glob("*/*.json"))


def groups(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_values_are_validated_as_the_standard_says(file: Path) -> None:
    wrong: list[tuple[str, str]] = []
    for group in groups(file):
        schema = group["schema"]
        if isinstance(schema, dict):
            schema = {"$schema": DRAFTS[file.parent.name], **schema}
            told = [sentence for _, sentence, *_ in param_schema.findings(schema)]
            # to the standard a default is a remark; here it is used, so that it must fit
            assert [each for each in told if not each.startswith("The default")] == [], group["description"]
        validator = validation.compile_schema(schema)
        wrong += [
            (group["description"], case["description"])
            for case in group["tests"]
            if (not list(validation.violations(validator, case["data"]))) != case["valid"]
        ]
    assert wrong == []


def test_both_drafts_are_there() -> None:
    assert {file.parent.name for file in FILES} == {*DRAFTS} and len(FILES) > 50
