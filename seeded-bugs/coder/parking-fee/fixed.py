def parking_fee(minutes, per_hour):
    """Return the fee for parking: each hour that has begun costs the full price."""
    hours = -(-minutes // 60)
    return hours * per_hour
