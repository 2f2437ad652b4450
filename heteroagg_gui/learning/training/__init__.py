"""One engine that trains every network: updates, checkpoints, curves, several processes."""
