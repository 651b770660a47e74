DROP TRIGGER governance_task_moves ON governance_task;
DROP FUNCTION governance_task_moves();
DROP TRIGGER governance_move_moved ON governance_taskmove;
DROP FUNCTION governance_move_moved();
DROP TRIGGER governance_move_follows ON governance_taskmove;
DROP FUNCTION governance_move_follows();
DROP TRIGGER governance_move_stays ON governance_taskmove;
DROP FUNCTION governance_history_stays();
