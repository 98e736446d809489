"""Reminders, and what could not be sent."""
