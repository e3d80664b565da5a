"""The little that needs a Jupyter server and no kernel."""
