"""How we score, the ledger, and the names that come with the seed."""
