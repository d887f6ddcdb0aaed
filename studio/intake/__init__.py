"""What comes in: what a dropped path is, reading it beside the window, and its card while that goes on."""
