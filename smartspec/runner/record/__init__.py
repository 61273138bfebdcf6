"""What is recorded rather than run from a definition: a command as it is called, or a block of Python."""
