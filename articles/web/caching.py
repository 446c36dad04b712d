"""A cache that works on while Redis is away."""
