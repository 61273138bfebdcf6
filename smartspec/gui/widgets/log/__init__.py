"""A log of any size on the screen."""
