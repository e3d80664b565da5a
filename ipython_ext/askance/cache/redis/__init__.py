"""The third tier: a Redis server that a team or a hub shares, and that may be gone or slow at any time."""
