"""Boards, and how far a worker is with them."""
