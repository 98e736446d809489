"""What a source gave, by kind of question, and how words become a value."""
