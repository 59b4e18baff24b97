"""What a table's rows and columns are to each other, measured: target, structure, leaks, and the split that follows."""
