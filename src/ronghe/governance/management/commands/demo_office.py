"""``demo_office``: two years of an office's work in the zones that come with the program; a repeat makes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ronghe.governance import demo


class Command(BaseCommand):
    """Build the demonstration of the zones' offices."""

    help = "为随程序提供的试验区建立演示用的任务台账历史；已有任务流转的试验区不动。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--zone", action="append", help="只建这个试验区，可写多次")
        parser.add_argument("--seed", type=int, default=demo.SEED, help="同一个数得到同样的历史")

    def handle(self, *args: Any, **options: Any) -> None:
        for slug, counts in demo.build_all(only=options["zone"], seed=options["seed"]).items():
            self.stdout.write(f"{slug}：{counts or '没有建立'}")
