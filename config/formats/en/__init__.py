"""In English as a British paper prints it."""
