def new_team(leader, members=None):
    """Return a team as a list: the leader first, then the members."""
    members = [] if members is None else members
    return [leader] + members
