"""Products and variants by sheet: read, compared with the shop row by row, applied whole or not at all, written out."""
