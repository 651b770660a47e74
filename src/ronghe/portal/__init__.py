"""portal: home pages, search, the one map, the desk; composed of what the rooms declare."""
