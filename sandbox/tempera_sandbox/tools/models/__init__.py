"""Models that a session trained: `model_description` says what one is, `predicting` lets it predict.

`predictions` asks the fresh process and checks what comes back. Rows and files are read by the library beside the
model: `planned_rows` checks what that says, or reads them here for a model without one, `unplanned_rows` for one
without a plan. `predicted_csv` writes the file.
"""
