"""What the window goes by: context, threads, changes, actions, navigation."""
