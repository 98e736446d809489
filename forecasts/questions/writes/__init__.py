"""Open questions and move them; issue forecasts; publish."""
