"""城乡产业协同发展: towns, parks, industries and what is given to them."""
