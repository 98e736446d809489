"""How what is on the record reads, once for every page, form and mail."""
