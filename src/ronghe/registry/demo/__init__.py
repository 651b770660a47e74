"""演示数据 of the register: villages drawn from a seed, people who do not exist, and what has happened to their land."""

from .building import COUNTY, HOUSEHOLDS, SEED, TODAY, build, empty_village, is_possible, load_many, plan_county
from .survey import survey_file

__all__ = [
    "COUNTY",
    "HOUSEHOLDS",
    "SEED",
    "TODAY",
    "build",
    "empty_village",
    "is_possible",
    "load_many",
    "plan_county",
    "survey_file",
]
