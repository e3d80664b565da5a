"""Small questions that come at the same time become one request."""
