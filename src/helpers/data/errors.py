"""The one error class for mistakes in what a user gave: files, names, values."""


class InputError(ValueError):
    """A mistake in the input, told in one sentence.

    The message names the file, the column or field, the offending values and
    their count, and says what would be valid. The command line prints it and
    exits with code 2; nothing has been written when it is raised.
    """
