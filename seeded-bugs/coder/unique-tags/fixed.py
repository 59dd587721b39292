def new_tags(text, known=None):
    """Return the words of the text that start with '#' and are not known yet, each once."""
    known = set(known or ())
    tags = []
    for word in text.split():
        if word.startswith("#") and word not in known:
            known.add(word)
            tags.append(word)
    return tags
