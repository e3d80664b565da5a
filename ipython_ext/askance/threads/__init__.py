"""Conversations: the turns of a thread, what of them goes along with the next question, and where they are kept."""
