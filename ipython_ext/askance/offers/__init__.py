"""What a kernel offers other programs of its user, and how they reach it.

Enters: a session, a folder. Leaves: a socket that answers who holds a kernel's token, and the way to call it.
"""
