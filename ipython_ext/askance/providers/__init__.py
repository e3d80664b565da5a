"""Who answers: one file for each protocol, one table of servers, one registry that chooses."""
