"""Tables whose rows can be chosen: classes of columns in both languages."""

import pandas as pd

from helpers.data.language import use_language
from helpers.view.html_tables import write_table


def test_marks_and_prose_are_told_from_numbers():
    table = pd.DataFrame({"Region": ["Bretagne"], "%": ["37"], "Mark": ["higher"], "State": [""]})
    html = write_table(table, caption="c")
    assert '<th scope="col" class="number">%</th>' in html
    assert '<th scope="col" class="mark">Mark</th><th scope="col">State</th>' in html


def test_headings_in_french_keep_their_class():
    table = pd.DataFrame({"Région": ["Bretagne"], "Marque": ["supérieur"], "État": [""]})
    with use_language("fr"):
        html = write_table(table, caption="c")
    assert '<th scope="col" class="mark">Marque</th><th scope="col">État</th>' in html


def test_text_of_the_data_stays_text():
    table = pd.DataFrame({"<b>": ["<script>x</script>"]})
    html = write_table(table, caption="<i>", codes=['"a"'], chosen='"a"')
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;i&gt;" in html
    assert 'data-code="&quot;a&quot;"' in html
