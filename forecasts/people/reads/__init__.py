"""Read roles and rights, people and their tokens."""
