"""The common import format: its cells, its rows, and what the record takes in of them."""
