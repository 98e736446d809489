"""Write desks and who is on them; move questions; rehearse decisions."""
