"""What the group of notifications has beside its settings: channels, workflows, what was sent."""
