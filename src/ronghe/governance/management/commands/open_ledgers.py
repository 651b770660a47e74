"""``open_ledgers``: what the loaded plans order is opened for work: tasks and the instruments to be drafted."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ronghe.governance.services import instruments, keep_all
from ronghe.kernel.clock import now
from ronghe.policy.models import Zone
from ronghe.policy.packs import ZONES, known_packs, read_pack
from ronghe.policy.services.drafts import local_zones


class Command(BaseCommand):
    """Open the ledgers of the zones whose packs are loaded; a repeat adds nothing."""

    help = "按数据包建立任务台账和配套制度清单；重复执行不会改变已有内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=ZONES, help="放数据包的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        for slug, touched in keep_all(Zone.objects.order_by("slug"), at=now()).items():
            self.stdout.write(f"{slug}：任务台账变动 {touched}")
        # A zone whose plan a person has revised here is no longer the program's to state.
        zones = Zone.objects.exclude(slug__in=list(local_zones())).in_bulk()
        for folder in known_packs(options["folder"]):
            if zone := zones.get(folder.name):
                added = instruments.seed(zone, read_pack(folder).instruments, at=now())
                self.stdout.write(f"{zone.slug}：配套制度新增 {added}")
