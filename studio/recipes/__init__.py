"""Recipes inside figures and models: written, found again, and reopened."""
