"""What surrounds an execution, noted without a value that may be secret."""

import hashlib
import os
import platform
import shutil

from smartspec.domain.jsontext import canonical
from smartspec.store import claims, database


def describe(execution: int) -> None:
    """Keep the PATH, the names of the variables with a hash of each value, the kernel, and the room on the disk."""
    variables = {
        name: hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        for name, value in os.environ.items()
        if not name.startswith("SMARTSPEC_")
    }
    described = {"path": os.environ.get("PATH", ""), "variables": variables, "kernel": platform.platform()}
    body = canonical(described).encode("utf-8", "replace").decode()
    digest = hashlib.sha256(body.encode()).hexdigest()
    claims.describe(execution, digest, body, shutil.disk_usage(database.folder()).free)
