"""Documents, the words marked in them, and words of probability."""
