def table_sum(rows):
    """Return the sum of all numbers of a table, given as a list of rows."""
    total = 0
    for row in rows:
        for number in row:
            total += len(row)
    return total
