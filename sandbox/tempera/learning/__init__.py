"""What the stages' scripts share beside `tempera.tables`: the table of a session, its splits, and a model to take away."""
