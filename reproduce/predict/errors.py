"""What can be wrong with what is given to `predict`, each said in one line."""


class ImageError(ValueError):
    """An image cannot be read, or no digit is on it."""


class ModelFileError(ValueError):
    """A file is not a model of this project, or not safe to load."""
