"""Trainings as the program sees them: their folders, the queue, and the one that runs."""
