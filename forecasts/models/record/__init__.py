"""What every fact and every published row has."""
