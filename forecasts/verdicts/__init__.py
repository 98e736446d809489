"""What editors found, and the answer in force."""
