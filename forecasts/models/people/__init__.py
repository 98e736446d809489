"""How somebody comes in and hears from us."""
