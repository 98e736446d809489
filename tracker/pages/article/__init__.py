"""An article with the words that speak of the future."""
