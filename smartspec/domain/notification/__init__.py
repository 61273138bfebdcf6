"""What a person is told of without looking: what is worth it, when, and by which channel."""
