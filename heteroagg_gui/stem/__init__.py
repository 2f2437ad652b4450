"""HAADF-STEM image formation."""
