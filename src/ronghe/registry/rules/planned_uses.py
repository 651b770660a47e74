"""规划用途: the names of planned uses that fit a kind of unit, each by its whole name.

Names are those of 国土空间调查、规划、用途管制用地用海分类 (its classes and their parts), the zones of a village plan, and a
few that older plans bear. A name that is not here fits nothing: a person judges it. "非建设用地" and "农业设施建设用地" are
names of their own, however much they contain of another.
"""

import re

from .kinds import UnitKind

#: Plans write a name with its class number before it ("0703 农村宅基地") and with spaces.
_NUMBER = re.compile(r"^[0-9]{2,6}")

_VILLAGE = frozenset({"村庄建设用地", "村庄用地", "村庄", "村庄建设区", "农村居民点用地", "农村居民点"})
_INDUSTRY = frozenset({"工业用地", "一类工业用地", "二类工业用地", "三类工业用地", "仓储用地", "物流仓储用地", "一类物流仓储用地",
                       "二类物流仓储用地", "三类物流仓储用地", "储备库用地"})  # fmt: skip
_COMMERCE = frozenset({"商业服务业用地", "商服用地", "商业用地", "零售商业用地", "批发市场用地", "餐饮用地", "旅馆用地",
                       "公用设施营业网点用地", "商务金融用地", "娱乐用地", "娱乐康体用地", "其他商业服务业用地"})  # fmt: skip
_PUBLIC = frozenset({"公共管理与公共服务用地", "机关团体用地", "科研用地", "文化用地", "教育用地", "体育用地", "医疗卫生用地",
                     "社会福利用地", "公用设施用地"})  # fmt: skip
_TOWN_HOMES = frozenset({"居住用地", "城镇住宅用地", "一类城镇住宅用地", "二类城镇住宅用地", "三类城镇住宅用地",
                         "城镇社区服务设施用地"})  # fmt: skip
_FORESTS = frozenset({"林地", "乔木林地", "竹林地", "灌木林地", "其他林地", "林业发展区"})

_FITS: dict[str, frozenset[str]] = {
    UnitKind.HOMESTEAD.title: _VILLAGE
    | {"居住用地", "农村宅基地", "一类农村宅基地", "二类农村宅基地", "宅基地", "农村住宅用地"},
    UnitKind.CONSTRUCTION.title: _VILLAGE | _INDUSTRY | _COMMERCE | _PUBLIC
    | {"建设用地", "集体建设用地", "集体经营性建设用地", "农村社区服务设施用地"},
    UnitKind.CONTRACTED.title: frozenset({
        "耕地", "水田", "水浇地", "旱地", "园地", "果园", "茶园", "橡胶园", "橡胶园地", "油料园地", "其他园地", "草地",
        "天然牧草地", "人工牧草地", "其他草地", "农用地", "永久基本农田", "农田保护区", "一般农业区", "牧业发展区",
    }),
    UnitKind.CONTRACTED_FOREST.title: _FORESTS,
    UnitKind.FOREST.title: _FORESTS,
    UnitKind.WATER_WORKS.title: frozenset({
        "水工设施用地", "水工建筑用地", "水利设施用地", "水域及水利设施用地", "沟渠", "干渠", "陆地水域", "水域", "河流水面",
        "湖泊水面", "水库水面", "坑塘水面",
    }),
    UnitKind.STATE.title: _INDUSTRY | _COMMERCE | _PUBLIC | _TOWN_HOMES
    | {"建设用地", "城镇建设用地", "国有建设用地", "城镇建设区"},
}  # fmt: skip


def fits(use: str, kind: str) -> bool:
    """Whether a planned use of this name is one for a kind of unit (by its title). Nothing but a whole name is known."""
    name = _NUMBER.sub("", "".join(use.split()))
    return name in _FITS.get(kind, frozenset())
