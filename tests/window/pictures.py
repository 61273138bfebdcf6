"""`python3 packaging pictures FOLDER`: every page of the window as a picture, to be looked at.

In light and dark, at 1280x800 and 960x600, and 960x600 at 200 %; of a small ledger that is run for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from smartspec.gui.app import FEATURES  # noqa: E402
from smartspec.gui.contract import screenshot_names  # noqa: E402

SHAPES = (("1280x800", "1"), ("960x600", "1"), ("960x600", "2"))
WORKFLOW = """smartspec: 1
name: Nightly backup
description: Copies the library to another machine and verifies a sample
params: {type: object, properties: {full: {type: boolean, default: false, description: Copy everything again}}}
config:
  host: {type: string, default: nas, description: Where it goes}
  days: {type: number, default: 30, description: Older copies are removed}
  verify: {type: boolean, default: true}
  exclude: {type: json, default: ["*.tmp", "cache/**"]}
tasks:
  check: {run: "sleep 0.2; echo there is room"}
  scan: {needs: [check], run: "sleep 0.3; echo count=189 >> $SMARTSPEC_OUTPUT"}
  hash: {needs: [scan], with_items: [a, b, c, d], run: sleep 0.1}
  copy:
    needs: [hash]
    run: 'echo "to $HOST"; sleep 0.3; if [ "$HOST" = nas ]; then exit 0; fi; echo "error: no route to $HOST"; exit 255'
    env: {HOST: "{{ config.host }}"}
    retry: {max: 2, delay: 200ms}
  tell: {needs: [copy], if: failure(), run: echo told}
  verify: {needs: [copy], run: echo read back}
"""


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="smartspec-pictures-") as home:
        os.environ |= {"SMARTSPEC_HOME": home, "PYTHONPATH": str(ROOT)}
        file = Path(home) / "nightly.yaml"
        file.write_text(WORKFLOW, encoding="utf-8")
        ref = "nightly-backup"
        for arguments in (
            ("import", str(file), "-m", "The first"), *[("run", ref)] * 4, ("config", "set", ref, "host", "nas-2"),
            ("run", ref),
        ):  # fmt: skip
            smartspec(*arguments)
        file.write_text(WORKFLOW.replace("delay: 200ms", "delay: 100ms"), encoding="utf-8")
        smartspec("import", str(file), "-m", "Less patience")
        for page, (size, scale), theme in product(screenshot_names(FEATURES), SHAPES, ("light", "dark")):
            picture = folder / f"{page}-{size}@{scale}-{theme}.png"
            smartspec("screenshot", page, str(picture), "--theme", theme, "--size", size, "--scale", scale)
            print(picture)
    return 0


def smartspec(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "smartspec", *arguments], stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
