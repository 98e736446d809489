"""The chat of a desk."""
