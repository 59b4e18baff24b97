"""What each stage must leave: `validate_eda`, `validate_prep`, `validate_train` note what holds and what does not.

`findings` collects their sentences; `splits` and `pipeline_checks` look at what prep left, `report_figures` at the
pictures of a report, `model_metrics` computes again how good a model is.
"""
