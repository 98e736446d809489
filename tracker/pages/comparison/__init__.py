"""Two sources on the questions that both of them answered."""
