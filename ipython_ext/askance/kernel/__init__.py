"""All that knows IPython and its kernels: magics, `%config`, views, comms. Rules about asking stand below this room."""
