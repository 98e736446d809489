"""Documents as captured, and the words marked in them."""
