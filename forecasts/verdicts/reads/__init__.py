"""Read verdicts that wait, how far editors agree, and disputes."""
