"""Errors that a user can act on: one sentence of cause and remedy each."""


class HeteroaggError(Exception):
    """A failure whose message is one sentence written for the user."""


class MicrographError(HeteroaggError):
    """A file is no micrograph that the program can use."""


class ParameterError(HeteroaggError):
    """A value lies outside what the method is defined for."""


class ResourceError(HeteroaggError):
    """A file that ships with the program, or that it wrote, is missing or damaged."""


class ModelError(HeteroaggError):
    """A network's folder is missing, damaged or does not fit the request."""


class DataSetError(HeteroaggError):
    """A folder of training data is missing, unfinished, damaged or made by another plan."""


class WorkerError(DataSetError):
    """Processes or machines that make images for this one died, or can't be reached."""


class DivergedError(ModelError):
    """The loss of a training is no number any more."""


class MissingExtraError(HeteroaggError):
    """An optional dependency is needed and not installed."""


class Cancelled(Exception):
    """Raised by a progress callback to end a long computation early."""
