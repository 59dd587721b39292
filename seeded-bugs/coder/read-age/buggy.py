def is_adult(age_text):
    """Return True when age_text, a number written as text, is 18 or more."""
    return age_text >= "18"
