"""What the acts of the policy room are called on pages."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs({"policy.pack.loaded": "载入试验区数据包", "policy.topics.loaded": "载入试验任务领域"})
