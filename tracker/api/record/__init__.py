"""The ledger of all facts."""
