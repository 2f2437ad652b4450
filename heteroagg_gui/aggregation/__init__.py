"""The stochastic 3D model of hetero-aggregates and its structural descriptors."""
