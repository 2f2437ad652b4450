"""Making a network for other materials, sizes and microscopes from a plan in a file."""
