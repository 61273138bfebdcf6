"""The simulation: what the schedules would do in the days to come, without running anything."""
