"""Questions and the forecasts on them."""
