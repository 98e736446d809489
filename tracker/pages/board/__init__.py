"""A board: its table, its rows and columns, its charts."""
