"""Files of forecasts, from the formats of platforms and in our own."""
