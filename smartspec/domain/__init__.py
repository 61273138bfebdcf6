"""The nouns and the rules. No input or output happens here."""
