"""What is due is found, claimed and sent, over each channel."""
