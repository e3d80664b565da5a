"""What can be said of anything importable: signature, docstring, members. Nothing is imported, nothing of its code is run."""
