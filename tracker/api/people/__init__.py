"""Accounts, their tokens and days away, and invitations."""
