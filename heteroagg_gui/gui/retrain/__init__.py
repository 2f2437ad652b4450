"""The Retrain tab: a plan of a training page by page, and the trainings beside it."""
