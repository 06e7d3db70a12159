"""Search by words, and errors that are seen."""

import pytest

from helpers.data.errors import InputError
from helpers.view.controls import ProblemLine, match_words, show_problem


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("", True),
        ("mecenat", True),
        ("MÉCÉNAT", True),
        ("  corporate   giving ", True),
        ("giving mécénat corporate", True),
        ("asso", True),
        ("mayor", False),
        ("mecenat mayor", False),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(searched, found):
    texts = ("Corporate giving (mécénat)", "of an association")
    assert match_words(searched, *texts) == found


def test_a_mistake_of_the_data_is_one_sentence():
    line = ProblemLine()
    line.watch(lambda: (_ for _ in ()).throw(InputError("file.csv: <b>3</b> values.")))
    assert "file.csv: &lt;b&gt;3&lt;/b&gt; values." in line.value
    assert "<details>" not in line.value


def test_another_mistake_is_shown_with_its_traceback():
    line = ProblemLine()
    line.watch(lambda: 1 / 0)
    assert "ZeroDivisionError: division by zero" in line.value
    assert "test_controls.py" in line.value


def test_the_line_is_empty_again_when_all_is_well():
    line = ProblemLine(show_problem("something"))
    line.watch(lambda: None)
    assert line.value == ""


def test_work_set_off_by_work_is_left_out():
    line, done = ProblemLine(), []
    line.watch(lambda: (done.append("first"), line.watch(lambda: done.append("second"))))
    line.watch(lambda: done.append("third"))
    assert done == ["first", "third"]
