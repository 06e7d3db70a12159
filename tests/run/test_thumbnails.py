"""Thumbnails: the first figure of a page, small."""

import base64
import io

from PIL import Image

from helpers.run.thumbnails import make_thumbnail


def read(address: str) -> Image.Image:
    kind, _, data = address.partition(";base64,")
    assert kind == "data:image/webp"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_thumbnail_is_the_first_figure_made_small(png):
    page = f'<img alt="a" src="data:image/png;base64,{png}"><img src="data:image/png;base64,x">'
    picture = read(make_thumbnail(page))
    assert picture.size == (480, 240)
    red, green, blue = picture.getpixel((100, 100))
    assert red > 240
    assert green < 20
    assert blue < 20


def test_page_without_a_figure_has_no_thumbnail():
    assert make_thumbnail('<p>img src="data:image/png;base64,x"</p>') == ""
