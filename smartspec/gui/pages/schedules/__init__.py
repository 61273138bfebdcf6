"""The page Schedules: when what runs by itself, and what was decided about every due time."""
