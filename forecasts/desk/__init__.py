"""Who works on what: a desk's rules and people, and what waits there."""
