"""Theme, fonts, icons, help pages and samples, read through `importlib.resources`."""
