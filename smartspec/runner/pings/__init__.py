"""Pings: the only connections that the program opens by itself, to addresses that a person gave."""
