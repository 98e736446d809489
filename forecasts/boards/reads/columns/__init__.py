"""What a board counts, as arrays that `forecasts.scoring` takes."""
