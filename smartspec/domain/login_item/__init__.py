"""What a system is given so that it starts a program at login: a text in the form of each, and the words in it."""
