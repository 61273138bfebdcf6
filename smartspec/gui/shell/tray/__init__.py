"""The icon in the notification area of the desktop, with its menu."""
