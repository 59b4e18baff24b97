"""Members that learn terms from labelled columns, for classification.

`columns` reads columns from a file of JSON lines and chooses which labelled ones are learned from; `texts` are a column
as words and as characters, `figures` its values as numbers; `vectors` makes features of them; `support_vectors` and
`boosted_trees` are the members; `shares` are their answers, bounded.

1. The same columns and seed give the same answer; one thread.
2. A column is read once, its features are made for a batch at a time: memory does not grow with the file.
3. What is learned lives in this process alone: no model is stored, none is loaded.
"""
