"""Dates and times where Django itself writes them, as in the lists of the desk."""
