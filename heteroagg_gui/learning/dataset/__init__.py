"""Stored training data: aggregates, their images and what is known of them."""
