"""The window: the only home of Qt, pyqtgraph and vispy."""
