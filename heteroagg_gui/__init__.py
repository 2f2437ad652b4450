"""Stereology of nanoparticle hetero-aggregates from 2D HAADF-STEM images."""

__version__ = "0.1.0"
