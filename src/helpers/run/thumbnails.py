"""Small pictures of pages for the index."""

import base64
import io
import re

from PIL import Image

_SIZE = (480, 320)
_QUALITY = 40


def make_thumbnail(page: str) -> str:
    """Make a small picture of the first figure of a page.

    Parameters
    ----------
    page : str
        HTML with its pictures inside.

    Returns
    -------
    str
        Address that holds the picture (WebP, some 10 kB); "" for a page without a figure.
    """
    found = re.search(r'<img[^>]*?\ssrc="data:image/png;base64,([^"]+)"', page)
    if not found:
        return ""
    picture = Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB")
    picture.thumbnail(_SIZE)
    written = io.BytesIO()
    picture.save(written, format="WEBP", quality=_QUALITY, method=6)
    return f"data:image/webp;base64,{base64.b64encode(written.getvalue()).decode('ascii')}"
