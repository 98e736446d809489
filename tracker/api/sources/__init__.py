"""Whoever says something about the future."""
