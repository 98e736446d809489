"""What others read: Atom, RSS and calendars."""
