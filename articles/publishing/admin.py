"""Simple admin classes of this room."""
