"""The second tier: a folder on disk, shared by all kernels of one user, and safe against whatever happens to it."""
