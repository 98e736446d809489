"""Rankings: what a board counts, scores and shows."""
