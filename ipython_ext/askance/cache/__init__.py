"""Answers that are kept, and known to hold: a question's key selects entries, fingerprints say whether they hold."""
