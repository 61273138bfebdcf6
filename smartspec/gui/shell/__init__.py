"""What is around every page: bars, overlays, dialogs."""
