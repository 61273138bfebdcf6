"""What a person chooses for the application."""
