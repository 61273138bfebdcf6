"""How an execution goes on: states, transitions, trigger rule, progress, limits. Pure: no input, no output."""
