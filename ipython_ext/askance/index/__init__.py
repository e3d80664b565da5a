"""The project's files: found, read, searched and watched. Knows nothing of kernels or asks."""
