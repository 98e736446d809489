"""What templates may ask of the other rooms."""
