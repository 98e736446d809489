"""Answers: given, reviewed, disputed and decided."""
