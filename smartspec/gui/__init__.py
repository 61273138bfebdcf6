"""The window: Qt over the commands, and nothing below it knows Qt."""
