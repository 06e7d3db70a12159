"""The dashboard: a tab per study, built when opened, each on its own."""

from helpers.view.dashboard import build_dashboard


def test_tabs_are_built_when_opened():
    tabs = build_dashboard()
    assert [len(place.children) for place in tabs.children] == [1, 0, 0, 0, 0]
    assert "37%" in tabs.children[0].children[0].sentence.value
    for number, words in ((1, "76%"), (2, "All respondents"), (3, "France, citizens")):
        tabs.selected_index = number
        explorer = tabs.children[number].children[0]
        assert words in explorer.sentence.value
        assert explorer.problem.value == ""
    first = tabs.children[0].children[0]
    tabs.selected_index = 0
    assert tabs.children[0].children == (first,)


def test_a_study_that_cannot_be_read_says_so_and_the_others_work(collection):
    collection.path("data/surveys/mayors/2016/responses.parquet").write_bytes(b"no")
    tabs = build_dashboard()
    tabs.selected_index = 1
    assert "mayors/2016/responses.parquet" in tabs.children[1].children[0].value
    tabs.selected_index = 2
    assert "All respondents" in tabs.children[2].children[0].sentence.value
