"""Files of forecasts that were taken in."""
