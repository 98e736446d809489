"""The figures of a board, from its columns."""
