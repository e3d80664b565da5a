"""Ways to show an answer while it comes, and the one form that stays."""
