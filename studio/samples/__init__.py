"""The samples that come with the program, and their pictures."""
