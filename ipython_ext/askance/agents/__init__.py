"""`askance mcp`: the process that other programs start, to be told what running kernels hold.

Enters: calls of the Model Context Protocol. Leaves: what the kernels that offer it gave. It keeps nothing itself.
"""
