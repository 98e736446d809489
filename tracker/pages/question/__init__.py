"""A question: what was said, what came of it, what was corrected."""
