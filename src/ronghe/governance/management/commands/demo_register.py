"""``demo_register``: the villages, people and rights of the demonstration; a repeat makes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ronghe.registry import demo


class Command(BaseCommand):
    """Build the demonstration of the register."""

    help = "建立演示用的村庄、农户、地块和权利；已有不动产单元的村不动。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, default=demo.HOUSEHOLDS, help="农户数")
        parser.add_argument("--seed", type=int, default=demo.SEED, help="同一个数得到同样的村庄")

    def handle(self, *args: Any, **options: Any) -> None:
        if not demo.is_possible():
            self.stdout.write("登记演示：所用的试验区资料里没有演示区县，没有建立")
            return
        made = demo.build(households=options["households"], seed=options["seed"])
        self.stdout.write(f"登记演示：{made or '没有建立'}")
