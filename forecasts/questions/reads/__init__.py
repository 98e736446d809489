"""Read questions, their ladders and forecasts, and who may see them."""
