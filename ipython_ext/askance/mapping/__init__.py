"""One prompt over many values: `ask.map`. Enters: a prompt and a column. Leaves: its answers, in the order of the values."""
