"""From a file to an image the network can read."""
