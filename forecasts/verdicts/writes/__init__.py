"""Give verdicts, resolve, dispute, supersede."""
