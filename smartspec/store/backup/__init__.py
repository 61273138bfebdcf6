"""Keeping a ledger and getting it back: backups, checks, repair."""
