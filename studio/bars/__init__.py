"""The bars round the panels: top bar, question bar, job strip."""
