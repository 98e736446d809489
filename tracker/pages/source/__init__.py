"""A source and its record."""
