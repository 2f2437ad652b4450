"""The regions of the window. Each shows a part of the session's state and owns none of it."""
