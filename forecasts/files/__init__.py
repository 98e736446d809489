"""Files of forecasts, taken in and given out."""
