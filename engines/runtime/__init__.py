"""Running methods: messages between window and lane, decisions, the lane itself, and running in-process."""
