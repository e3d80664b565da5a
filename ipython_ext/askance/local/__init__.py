"""The embedded model: its file, its server in a process of its own, and the way to that server."""
