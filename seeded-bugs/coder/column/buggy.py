def column(rows, number):
    """Return one column of a table, given as a list of rows; columns are counted from 0."""
    return list(rows[number])
