"""From where on a check of an incoming wave warns: each threshold with its reason."""

from typing import NamedTuple


class Threshold(NamedTuple):
    """One limit, as the report prints it."""

    name: str
    value: float
    words: str
    reason: str


MISSING_SHARE = Threshold(
    "missing answers", 0.15, "more than 15 % of those asked did not answer",
    "NCES Statistical Standards (2012), 4-4: below 85 % of answers an item needs an analysis of "
    "nonresponse bias before it is reported",
)  # fmt: skip
BATTERY_ITEMS = Threshold(
    "length of a battery", 5, "5 items or more",
    "House rule: equal answers to fewer items are common among careful respondents",
)  # fmt: skip
STRAIGHT_SHARE = Threshold(
    "straight-lining", 0.10, "more than 10 % gave all items of a battery the same answer",
    "House rule. Straight-lining as the plainest sign of satisficing: Krosnick (1991), Applied "
    "Cognitive Psychology 5, 213-236; measures compared in Kim et al. (2019), Social Science "
    "Computer Review 37, 214-233",
)  # fmt: skip
REPEATED_CHANCE = Threshold(
    "identical respondents", 0.01,
    "so many have a probability under 1 %, when ten times as many as independent answers would "
    "give count as chance",
    "House rule: few questions give equal respondents by chance, many do not. Repeated records "
    "as a sign of fabrication: Kuriakose and Robbins (2016), Statistical Journal of the IAOS 32, "
    "283-291",
)  # fmt: skip
REPEATED_SLACK = 10  # answers of one respondent go together, so chance is more than independence
WEIGHT_RATIO = Threshold(
    "spread of weights", 25, "the largest weight is more than 25 times the smallest",
    "Weights are commonly capped at 5 times their mean (DeBell and Krosnick 2009, ANES technical "
    "report nes012427); the same downwards gives 5 x 5",
)  # fmt: skip
WEIGHT_EFFECT = Threshold(
    "design effect of the weights", 2, "Kish's design effect is above 2",
    "House rule: more than half of the respondents are lost to unequal weights (Kish 1992, "
    "Journal of Official Statistics 8, 183-200)",
)  # fmt: skip
NOTHING_SHARE = Threshold(
    "nothing or everything chosen", 0.05,
    "more than 5 % of those asked chose no answer at all, or every one",
    "House rule: both often mean that the question was skipped, or its columns were misread",
)  # fmt: skip
FRAME_POINTS = Threshold(
    "distance to official counts", 5, "a weighted share is more than 5 points off",
    "House rule: a distance that moves a national share by a point where levels differ by twenty",
)  # fmt: skip

THRESHOLDS = (
    MISSING_SHARE, BATTERY_ITEMS, STRAIGHT_SHARE, REPEATED_CHANCE, WEIGHT_RATIO, WEIGHT_EFFECT,
    NOTHING_SHARE, FRAME_POINTS,
)  # fmt: skip
