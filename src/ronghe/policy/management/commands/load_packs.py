"""``load_packs``: bring the database in step with the packs that come with the program, or with one folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.clock import now
from ronghe.policy.packs import ZONES, known_packs, read_pack
from ronghe.policy.services import load_packs
from ronghe.policy.services.drafts import local_zones


class Command(BaseCommand):
    """Load zone packs, all or none; a repeat changes nothing."""

    help = "载入试验区数据包；重复载入不会改变任何内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=ZONES, help="放数据包的文件夹，或一个数据包")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folders = (folder,) if (folder / "zone.yaml").is_file() else known_packs(folder)
        # A zone whose plan a person has confirmed or revised here is no longer the program's to state.
        kept = set(local_zones())
        folders = tuple(path for path in folders if path.name not in kept)
        for done in load_packs([read_pack(path) for path in folders], actor=SYSTEM, at=now()):
            self.stdout.write(f"{done.slug}：新增 {done.added}，更正 {done.changed}，删除 {done.removed}")
