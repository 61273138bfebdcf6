"""How long processes are waited for."""

GRACE_SECONDS = 5.0  # from TERM to KILL
HELD_PIPE_SECONDS = 2.0  # for a grandchild that keeps the output after the command has ended
