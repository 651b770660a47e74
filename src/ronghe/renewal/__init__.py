"""城中村改造: renewal of urban villages, its balance of funds and the people who live there."""
