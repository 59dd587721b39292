def sum_of_texts(texts):
    """Return the sum of whole numbers given as texts; texts that are no number are left out."""
    total = 0
    for text in texts:
        try:
            total += int(text)
        except ValueError:
            continue
    return total
