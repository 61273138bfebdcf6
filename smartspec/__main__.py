"""The program: the terminal, and the window for no arguments, `open` and `demo`. Each is imported only when used."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # as `typing` has it; nothing is imported before `main` guards it
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


def main() -> None:
    """Ends the process with the exit code. What is imported is imported here: Ctrl-C meanwhile is no error.

    Raises RuntimeError where that is a bug, as whatever else is raised.
    """
    try:
        sys.exit(_run())
    except KeyboardInterrupt:
        sys.exit(130)
    except RuntimeError as error:  # how Python 3.11 raises what interrupts the making of a class
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        sys.exit(130)


def _run() -> int:
    if sys.argv[1:] == ["--sandbox"]:  # a frozen program starts itself to evaluate within limits
        from smartspec.sandbox import worker

        worker.main()
        return 0
    from smartspec.cli import screen

    screen.install()
    window, arguments = Window(), None
    if not sys.argv[1:] and window.is_possible():
        from smartspec import paths
        from smartspec.errors import Conflict

        try:
            return window.show(paths.database_path(), workspace=os.environ.get("SMARTSPEC_WORKSPACE", ""))
        except Conflict:
            arguments = ["open"]  # the terminal tells why it cannot be
    from smartspec.cli.main import main as terminal

    return terminal(arguments, window=window)


class Window:
    """The door from the terminal to the window, which it does not know."""

    def is_possible(self) -> bool:
        """Whether one can be shown here; on Linux a display server or Qt's own platform is named."""
        if sys.platform in ("win32", "darwin"):
            return True
        return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))

    def show(self, database: Path, **wishes: object) -> int:
        """Until it is closed; the answer is the exit code."""
        gc.disable()  # while everything is imported and made it finds nothing; the window enables it
        code: int = self._gui().run(database, **wishes)
        return code

    def draw(self, database: Path, page: str, picture: Path, **wishes: object) -> None:
        """A page as a picture. Raises Invalid."""
        self._gui().screenshot(database, page, picture, **wishes)

    def _gui(self) -> Any:
        """The window's module. Raises Conflict where Qt cannot be loaded."""
        try:
            from smartspec.gui import app
        except ImportError as error:
            if "PySide6" not in str(error) and ".so" not in str(error):
                raise
            from smartspec.errors import Conflict
            from smartspec.messages import _

            raise Conflict(
                _(
                    "The window needs Qt, which cannot be loaded here: {error}. The README lists the system packages"
                    " that it wants; `{command}` lists what the terminal can do.",
                    error=error,
                    command="smartspec --help",
                )
            ) from error
        return app


if __name__ == "__main__":
    main()
