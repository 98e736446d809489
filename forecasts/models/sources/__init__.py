"""Whoever says something about the future, and who is tied to them."""
