"""The kit: the small widgets of which every panel is made. Panels compose these and draw nothing of their own."""
