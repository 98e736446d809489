"""Whoever says something about the future: people, organisations, outlets, models, crowds."""
