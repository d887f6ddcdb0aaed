"""Panels: where a view meets the project. They translate gestures into commands and changes into setter calls."""
