"""Read standings, and all that a board shows beside them."""
