"""Claim what is due; mark what is sent."""
