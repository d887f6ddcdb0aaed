"""Data sets: typed, immutable collections with a stable row id, and how they come in from files."""
