"""Read who is reached, and what a message goes by."""
