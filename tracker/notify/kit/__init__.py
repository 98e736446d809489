"""Signed and secret links, and the limits on whoever asks."""
