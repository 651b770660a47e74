"""``open_ledgers``: bring the ledgers of all zones in step with their documents; a repeat changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from ronghe.governance import services
from ronghe.kernel.clock import now
from ronghe.policy.models import Zone


class Command(BaseCommand):
    """Keep the ledger of every zone."""

    help = "把各试验区文件所定任务列入台账；重复运行不会改变任何内容。"

    def handle(self, *args: Any, **options: Any) -> None:
        for slug, touched in services.keep_all(Zone.objects.order_by("pk"), at=now()).items():
            self.stdout.write(f"{slug}：{touched} 项")
