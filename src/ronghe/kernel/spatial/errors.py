"""What the map refuses."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound


class LayerNotFound(NotFound):
    """No such layer, or none that the actor may see."""

    code = "spatial.layer_not_found"
    message = "没有图层“{slug}”，或者它不对您公开。可在 /layers/ 查看全部公开图层。"


class LayerDrawnElsewhere(Conflict):
    """A layer that is drawn from a room's tables has no features of its own."""

    code = "spatial.layer_drawn_elsewhere"
    message = "图层“{layer}”由业务登记的数据生成，不能在这里修改、导入、导出或分析。请到登记它的业务页面办理。"


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


class FeatureNotFound(NotFound):
    """The layer has no such feature now."""

    code = "spatial.feature_not_found"
    message = "图层“{layer}”现在没有要素“{feature}”。可在图层的要素列表中查看，或按版本查看以前的内容。"


class VersionNotKept(NotFound):
    """The layer never had this version, or it is older than what was kept."""

    code = "spatial.version_not_kept"
    message = "图层“{layer}”没有第 {version} 版。现有第 {first} 至 {last} 版，可在图层的版本页查看。"


class LayerSlugTaken(Conflict):
    """Another layer has this name in addresses."""

    code = "spatial.layer_slug_taken"
    message = "标识“{slug}”已经有图层使用。请换一个标识，例如加上区县或年份。"


class LayerKeptByPacks(Conflict):
    """The content of the layer comes from data packs."""

    code = "spatial.layer_kept_by_packs"
    message = "图层“{layer}”由数据包维护，不能在这里修改。需要自己的数据时，请新建一个图层再导入。"


class LayerChangedMeanwhile(Conflict):
    """Somebody has changed the layer since it was looked at."""

    code = "spatial.layer_changed_meanwhile"
    message = "图层“{layer}”已经从第 {seen} 版变为第 {version} 版，没有写入。请查看最新内容后再提交。"


class LayerEmpty(Conflict):
    """There is nothing on the layer yet."""

    code = "spatial.layer_empty"
    message = "图层“{layer}”还没有要素。请先导入数据。"


class TooManyAtOnce(Invalid):
    """More features than one call takes, or none."""

    code = "spatial.too_many_at_once"
    message = "一次应当写 1 至 {most} 个要素，这次是 {number} 个。更多的请用文件导入。"


class AttributesUnknown(Invalid):
    """The layer has no such attribute."""

    code = "spatial.attributes_unknown"
    message = "图层“{layer}”没有属性“{field}”。它的属性是：{known}。"


class FileBreaks(Invalid):
    """A file cannot be opened as features."""

    code = "spatial.file_breaks"
    message = (
        "文件“{name}”打不开：内容不完整，或不是 GeoJSON、GeoPackage、Shapefile、DXF。请在制图软件里重新导出后上传。"
    )


class FileHasNoFeatures(Invalid):
    """A file holds no feature."""

    code = "spatial.file_has_no_features"
    message = "文件“{name}”里没有要素。请确认导出时选中了图形，再重新上传。"


class FileTooManyFeatures(Invalid):
    """A file holds more features than one import takes."""

    code = "spatial.file_too_many_features"
    message = "文件“{name}”有 {number:,} 个要素，一次最多导入 {most:,} 个。请按镇或村分成几个文件。"


class FileTakesTooMuch(Invalid):
    """Reading a file would take more than one file may take."""

    code = "spatial.file_takes_too_much"
    message = "文件“{name}”没有读完：{why}。请简化图形或分成几个文件后重新上传。"


class ShapefileIncomplete(Invalid):
    """An archive does not hold one whole Shapefile."""

    code = "spatial.shapefile_incomplete"
    message = (
        "压缩包“{name}”不是一份完整的 Shapefile：{why}。请把同名的 .shp、.shx、.dbf、.prj 打成一个 zip 后重新上传。"
    )


class ImportNotFound(NotFound):
    """No such import, or none that the actor may see."""

    code = "spatial.import_not_found"
    message = "没有第 {import_id} 号导入，或者它不在您的权限范围内。"


class ImportNotReady(Conflict):
    """An import is not in a state in which this can be done."""

    code = "spatial.import_not_ready"
    message = "第 {import_id} 号导入现在是“{state}”，不能这样做。请刷新页面查看最新情况。"


class ImportOvertaken(Conflict):
    """The layer has changed since the file was checked."""

    code = "spatial.import_overtaken"
    message = "核对以后，图层“{layer}”从第 {seen} 版变为第 {version} 版，没有导入。请重新核对。"


class LayerTooLarge(Invalid):
    """A layer has more features than an analysis takes."""

    code = "spatial.layer_too_large"
    message = "图层“{layer}”有 {number:,} 个要素，一次分析最多 {most:,} 个。请按区县分成几个图层。"


class OverlayNeedsAnother(Invalid):
    """An overlay of a layer with itself, or with none."""

    code = "spatial.overlay_needs_another"
    message = "图层“{layer}”要和另一个图层叠加或比较，请选择另一个图层。"


class GeometryRefused(Invalid):
    """What was given is no area."""

    code = "spatial.geometry_refused"
    message = "图形不能使用：{why}。请给一个 CGCS2000 经纬度的面（GeoJSON 的 Polygon 或 MultiPolygon）。"


class AnalysisNotFound(NotFound):
    """No such analysis, or none that the actor may see."""

    code = "spatial.analysis_not_found"
    message = "没有第 {analysis_id} 号分析，或者它不在您的权限范围内。"


class ExportRefused(Invalid):
    """An export in a form that the format does not have."""

    code = "spatial.export_refused"
    message = "不能这样导出：{why}。"


class NothingToExport(Conflict):
    """There is no feature that a file could hold."""

    code = "spatial.nothing_to_export"
    message = "没有要素可以导出：图层还是空的，或者分析没有找到问题。"
