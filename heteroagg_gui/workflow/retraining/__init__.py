"""Describing a training without a line of code: drafts of plans, and what they are made from."""
