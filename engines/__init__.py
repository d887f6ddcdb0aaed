"""The science, free of Qt: methods, the data and graphs they work on, and the runtime that executes them."""
