"""The networks of the paper, sections 2.2.2-2.3.5, and what surrounds them."""
