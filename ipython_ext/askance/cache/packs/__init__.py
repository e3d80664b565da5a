"""Answers that travel with a notebook: their file, what is written to it, and what was imported."""
