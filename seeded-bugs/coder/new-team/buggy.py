def new_team(leader, members=[]):
    """Return a team as a list: the leader first, then the members."""
    members.insert(0, leader)
    return members
