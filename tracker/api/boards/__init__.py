"""Rankings, their figures, and two sources compared."""
