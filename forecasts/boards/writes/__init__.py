"""Have boards computed; keep what they said."""
