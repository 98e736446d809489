"""Who somebody is, what they may do, and how they want to hear from us."""
