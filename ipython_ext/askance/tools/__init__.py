"""What a model may call while it answers."""
