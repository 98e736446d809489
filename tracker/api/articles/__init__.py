"""Documents, statements, and the words that describe them."""
