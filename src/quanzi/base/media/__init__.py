"""Pictures: decoded, stripped, sized and encoded again; never the bytes that were uploaded."""
