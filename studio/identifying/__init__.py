"""What follows from the graph while it is drawn: found in a thread, for the newest graph only."""
