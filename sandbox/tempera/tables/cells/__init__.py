"""Kinds of cells: each module turns the texts of one type of value into values, by a form alone."""
