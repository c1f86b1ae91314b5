"""The Digital Cities Survey: editions, answers, judging, ranking."""
