"""The ledger of all facts, what a refusal is, and rows by the thousand into and out of PostgreSQL."""
