"""Classical estimates without a network, which any learnt estimate has to beat."""
