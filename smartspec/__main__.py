"""The program: the terminal, and the window for no arguments, `open` and `demo`. Each is imported only when used."""

import sys
from pathlib import Path
from typing import Any


def main() -> None:
    try:
        from smartspec.cli.main import main as terminal
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(terminal(window=Window()))


class Window:
    """The door from the terminal to the window, which it does not know."""

    def show(self, database: Path, **wishes: Any) -> int:
        """Until it is closed; the answer is the exit code."""
        from smartspec.gui import app

        return app.run(database, **wishes)

    def draw(self, database: Path, page: str, picture: Path, **wishes: Any) -> None:
        """A page as a picture. Raises Invalid."""
        from smartspec.gui import app

        app.screenshot(database, page, picture, **wishes)


if __name__ == "__main__":
    main()
