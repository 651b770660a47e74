"""What the acts of this room are called."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "spatial.layer.created": "新建图层",
        "spatial.layer.changed": "修改图层说明",
        "spatial.layer.features_put": "写入图层要素",
        "spatial.layer.features_removed": "删除图层要素",
        "spatial.layer.exported": "导出图层",
        "spatial.import.taken": "上传图层文件",
        "spatial.import.stated": "说明图层文件并重新核对",
        "spatial.import.applied": "导入图层",
        "spatial.analysis.asked": "提出空间分析",
    }
)
