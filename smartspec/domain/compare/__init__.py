"""What differs between two versions or two executions, and which difference explains an end."""
