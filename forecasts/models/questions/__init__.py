"""Questions, the forecasts on them, and who may see them."""
