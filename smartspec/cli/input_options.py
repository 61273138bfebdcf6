"""The input of an execution on the terminal: a JSON object, then each -p."""

from __future__ import annotations

from collections.abc import Sequence

from smartspec.commands import versions
from smartspec.domain.jsontext import Json
from smartspec.domain.params import read_parameter
from smartspec.errors import Invalid
from smartspec.messages import _


def read_input(
    given: Json, parameters: Sequence[str], ref: str, version: str | None, workspace: str, *, templates: bool = False
) -> dict[str, Json]:
    """Each -p by its declared type; with `templates` one is taken as it stands. Raises Invalid."""
    if not isinstance(given, dict):
        raise Invalid(_("--input must be a JSON object: the parameters by name."))
    found = {**given}
    if parameters:
        chosen = versions.get_version(ref, version, workspace) if version else versions.latest_version(ref, workspace)
        for parameter in parameters:
            key, equals, value = parameter.partition("=")
            if not (key and equals):
                raise Invalid(_("-p {parameter}: write KEY=VALUE.", parameter=parameter))
            is_template = templates and "{{" in value
            found[key] = value if is_template else read_parameter(key, value, chosen.param_schema)
    return found
