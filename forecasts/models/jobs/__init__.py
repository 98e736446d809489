"""What waits for a worker, under a lease."""
