"""Read the ledger and verify it."""
