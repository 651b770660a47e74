"""What the acts of this room are called."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs({"files.blob.erased": "销毁文件密钥"})
