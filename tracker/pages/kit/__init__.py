"""What the pages share: charts, figures, quotes, and blindness."""
