"""What needs attention until it is over, and what a person can do about it."""
