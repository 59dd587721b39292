def count_equal_neighbours(items):
    """Count the positions where an item equals the item after it."""
    count = 0
    for i in range(len(items) - 1):
        if items[i] == items[i + 1]:
            count += 1
    return count
