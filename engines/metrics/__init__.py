"""Measures that methods and checks share."""
