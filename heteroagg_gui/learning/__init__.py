"""Networks, their training and their predictions."""

import os

# Threads that wait for each other must not burn the cores the window needs.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
