"""What a page offers to take along."""

from dataclasses import dataclass

from helpers.data.language import tr, write_number


@dataclass(frozen=True)
class Link:
    """A file a reader may take.

    Attributes
    ----------
    file : str
        Its name.
    href : str
        Its address: the file itself in a data: link, or where it lies beside the page.
    label : str
        What it is, in a word.
    size : int
        Bytes.
    """

    file: str
    href: str
    label: str
    size: int

    @property
    def words(self) -> str:
        """What it is and how large, in the language in use."""
        return tr("{label} ({size} kB)", label=self.label, size=write_number(self.size / 1000))


@dataclass(frozen=True)
class Downloads:
    """What a page offers.

    Attributes
    ----------
    folder : str
        Name of the folder beside the page.
    inside : list of Link
        Files the page holds itself.
    figures : list of tuple
        Title of each figure and its files, beside the page.
    pdf : str
        Address of the printed page, beside it; "" without one.
    """

    folder: str
    inside: list[Link]
    figures: list[tuple[str, list[Link]]]
    pdf: str = ""
