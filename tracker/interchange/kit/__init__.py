"""Files as columns of text, and what is refused in them."""
