"""Read what waits for an editor."""
