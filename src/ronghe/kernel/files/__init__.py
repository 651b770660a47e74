"""files: what people upload and the platform makes, kept by hash, encrypted, checked by content."""
