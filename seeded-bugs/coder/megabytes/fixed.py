def megabytes(size):
    """Return a size in bytes as whole megabytes of 1024 * 1024 bytes, rounded down."""
    return size // (1024 * 1024)
