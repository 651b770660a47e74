"""Trials over a real database: what is archived, what comes out, who may run, and what a repeat does."""

import pytest

from ronghe.mechanisms.trials.models import TrialRow

from .factories import ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def test_a_trial_says_who_gains_when_the_threshold_rises():
    made = ran()
    assert (made.state, made.done_count) == ("done", 5)
    assert list(TrialRow.objects.values_list("line", "name", "verdict_a", "verdict_b", "change")) == [
        (2, "甲", "passed", "passed", "same"),
        (3, "乙", "failed", "passed", "gained"),  # 5 < 7.5 ≤ 8
        (4, "丙", "failed", "failed", "same"),
        (5, "丁", "failed", "failed", "same"),
        (6, "戊", "undecidable", "undecidable", "same"),
    ]
    assert made.summary["groups"] == [
        ["failed", "failed", "same", 2],
        ["failed", "passed", "gained", 1],
        ["passed", "passed", "same", 1],
        ["undecidable", "undecidable", "same", 1],
    ]
