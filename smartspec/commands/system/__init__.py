"""Questions to the system that this machine runs: power, networks, idle; each is bounded in time."""
