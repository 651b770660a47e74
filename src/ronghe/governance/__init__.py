"""组织实施: the work on tasks and projects, stages and deadlines, evaluation, reform risk."""
