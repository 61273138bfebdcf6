"""`completion`: the script that teaches a shell the commands and what is stored."""

import click
from click.shell_completion import get_completion_class

from smartspec.cli.options import command
from smartspec.cli.output import show


@command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Example:
      smartspec completion bash >> ~/.bashrc
    """
    complete = get_completion_class(shell)
    assert complete is not None
    front_door = click.get_current_context().find_root().command
    script = complete(front_door, {}, "smartspec", "_SMARTSPEC_COMPLETE").source()
    show({"script": script}, script)


COMMANDS = (completion_command,)
