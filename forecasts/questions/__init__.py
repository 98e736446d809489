"""Questions and the forecasts on them: what was asked, what was said, what of it is public."""
