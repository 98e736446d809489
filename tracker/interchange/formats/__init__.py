"""One module for each platform whose files can be imported."""
