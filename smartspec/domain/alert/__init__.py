"""Alerts: what a person should know of until it is over, raised and closed by themselves."""
