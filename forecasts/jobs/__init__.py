"""What workers carry out under a lease."""
