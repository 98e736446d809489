"""Accounts, invitations, tokens and secret addresses."""
