"""Documents, the words marked in them, and the scales that read those words."""
