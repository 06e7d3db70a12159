"""Read and check what is in `data/` and `shapefiles/`."""
