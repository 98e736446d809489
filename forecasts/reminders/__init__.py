"""One nudge to one person about one question."""
