"""The question bar in words: sentences with chips, what is typed into them, and the next step."""
