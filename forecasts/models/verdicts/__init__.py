"""What editors found, the answer in force, and objections to it."""
