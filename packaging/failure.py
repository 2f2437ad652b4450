"""What ends the bootstrap with a sentence for the user."""


class BootstrapError(Exception):
    """A failure whose message says the cause and the remedy."""
