"""What the map refuses."""

from ronghe.kernel.errors import Invalid, NotFound


class LayerNotFound(NotFound):
    """No such layer, or none that the actor may see."""

    code = "spatial.layer_not_found"
    message = "没有图层“{slug}”，或者它不对您公开。可在 /layers/ 查看全部公开图层。"


class NoSuchTile(NotFound):
    """A tile beyond the deepest zoom or outside the world."""

    code = "spatial.no_such_tile"
    message = "没有瓦片 {z}/{x}/{y}：级别应在 0 至 {deepest} 之间，行列号应小于 2 的级别次方。"


class OutlineRefused(Invalid):
    """A source gives a geometry that cannot be an outline."""

    code = "spatial.outline_refused"
    message = "图层“{layer}”的要素 {feature} 不能载入：{why}。请改正这个要素后重新载入；其他要素也没有载入。"


class OutlineTwice(Invalid):
    """A source gives two outlines under one code."""

    code = "spatial.outline_twice"
    message = "图层“{layer}”的要素 {feature} 出现了两次。请只留一个后重新载入；其他要素也没有载入。"


class UnknownCrs(Invalid):
    """A source is in coordinates that the platform does not convert."""

    code = "spatial.unknown_crs"
    message = "不认识坐标系“{crs}”。可以用：{known}。"


class BadBox(Invalid):
    """A bounding box that is no box in degrees."""

    code = "spatial.bad_box"
    message = "范围“{text}”无效。请写西、南、东、北四个经纬度，用逗号隔开，例如 117.6,36.9,118.2,37.4。"
