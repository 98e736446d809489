"""What waits, and who works on it: inbox, queue, rota."""
