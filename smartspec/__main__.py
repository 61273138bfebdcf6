"""The program: the terminal. Each front end is imported only when it is used."""

import sys


def main() -> None:
    try:
        from smartspec.cli.main import main as terminal
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(terminal())


if __name__ == "__main__":
    main()
