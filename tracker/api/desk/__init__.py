"""Desks, who is on them, and what waits there."""
