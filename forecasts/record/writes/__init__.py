"""Append to the ledger; write in bulk, seal, rehearse."""
