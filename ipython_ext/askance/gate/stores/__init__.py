"""Where secrets lie on a machine, and what of that is worth knowing, one small file per question.

Enters: environment variables, files. Leaves: (name, value) of what must not leave. To know of another store: one line in
`table.py`.
"""
