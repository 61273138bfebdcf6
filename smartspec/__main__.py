"""The program: the terminal. Each front end is imported only when it is used."""

import sys


def main() -> None:
    from smartspec.cli.main import main as terminal

    sys.exit(terminal())


if __name__ == "__main__":
    main()
