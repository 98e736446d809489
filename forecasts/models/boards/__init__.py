"""Saved rankings, and what is computed of them."""
