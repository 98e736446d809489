"""The API: one package a noun."""
