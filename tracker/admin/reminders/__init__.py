"""Reminders and what was sent: by whom they are wanted, how they are snoozed, what failed."""
