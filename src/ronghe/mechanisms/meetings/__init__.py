"""会议与表决: notice, quorum, voters, votes and thresholds of members' assemblies and other meetings."""
