"""What an ask may take along: one small file per kind of context. They do not know each other."""
