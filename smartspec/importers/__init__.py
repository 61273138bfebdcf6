"""What reads the files of other systems: what they say in our words, or everything that is wrong with them."""
