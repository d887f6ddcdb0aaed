"""Data made by known mechanisms, with their ground truth."""
