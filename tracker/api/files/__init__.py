"""Files of forecasts on their way into the record."""
