"""What is sent to whom: who is reached, and how far a message is."""
