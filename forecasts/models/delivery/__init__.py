"""Reminders, and what was sent of them over which channel."""
