"""jobs: long work in the background, with progress, cancel and a place to find it again."""
