"""The trainings in the window: their list, the one that runs, and what came of it."""
