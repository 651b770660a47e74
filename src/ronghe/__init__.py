"""Ronghe 融合: the open platform for urban–rural integration pilot zones (城乡融合发展试验区)."""

__version__ = "0.1.0"
