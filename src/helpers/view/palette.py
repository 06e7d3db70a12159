"""Colours and hatches, safe for colour-blind readers and the same in every figure."""

from helpers.data.language import message

# Okabe and Ito (2008), Color Universal Design.
ACTORS = {
    "companies": "#0072B2",
    "associations": "#D55E00",
    "mayors": "#009E73",
    "citizens": "#CC79A7",
    "all": "#4D4D4D",
}
INK = "#222222"
GREY = "#8C8C8C"
PALE = "#EDEDED"

# Answers of an ordered question, from strongest to none.
ORDERED = ["#08519c", "#4292c6", "#9ecae1", "#d9d9d9"]

# What the absence of a number means: fill, hatch, legend.
STATES = {
    "not_published": (PALE, "////", message("Not published")),
    "suppress": ("#FFFFFF", "xxxx", message("Asked, withheld: too uncertain to show")),
    "no_base": ("#FFFFFF", "----", message("No answers")),
    "reading": ("#FFFFFF", "....", message("Approximate wording only (≈)")),
}
