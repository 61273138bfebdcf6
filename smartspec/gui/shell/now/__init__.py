"""Now: what runs, what waits and for what, what waits for a person; above the bar at the bottom, or at the right."""
