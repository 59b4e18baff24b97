"""What the stages' scripts share beside `tempera.tables`: a session's table, its splits, a model to take away."""
