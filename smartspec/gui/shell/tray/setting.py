"""Whether the window closes into the icon, as a person chose."""

STAYS = "close.to_tray"  # of the state of the window
