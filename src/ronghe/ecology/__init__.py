"""生态产品价值实现: what nature yields, who may use it, who answers for it."""
