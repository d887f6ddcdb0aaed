"""Methods that misbehave on request."""
