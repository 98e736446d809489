"""Capture documents; mark words in them."""
