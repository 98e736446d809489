"""Write people, their preferences, ties and tokens."""
