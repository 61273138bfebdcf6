"""The program: the terminal, and the window for no arguments, `open` and `demo`. Each is imported only when used."""

import gc
import os
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    window = Window()
    if not sys.argv[1:] and window.is_possible():
        from smartspec import paths

        workspace = os.environ.get("SMARTSPEC_WORKSPACE", "")
        sys.exit(window.show(paths.database_path(), workspace=workspace))
    try:
        from smartspec.cli.main import main as terminal
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(terminal(window=window))


class Window:
    """The door from the terminal to the window, which it does not know."""

    def is_possible(self) -> bool:
        """Whether one can be shown here; on Linux a display server or Qt's own platform is named."""
        if sys.platform in ("win32", "darwin"):
            return True
        return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))

    def show(self, database: Path, **wishes: Any) -> int:
        """Until it is closed; the answer is the exit code."""
        gc.disable()  # while everything is imported and made it finds nothing; the window enables it
        from smartspec.gui import app

        return app.run(database, **wishes)

    def draw(self, database: Path, page: str, picture: Path, **wishes: Any) -> None:
        """A page as a picture. Raises Invalid."""
        from smartspec.gui import app

        app.screenshot(database, page, picture, **wishes)


if __name__ == "__main__":
    main()
