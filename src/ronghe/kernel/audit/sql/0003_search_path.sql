-- Each function fixes its search_path: a temporary table of the same name must not stand in for the real one.
ALTER FUNCTION ronghe_refuse_change() SET search_path = public, pg_temp;
ALTER FUNCTION ronghe_append_only(regclass) SET search_path = public, pg_temp;
ALTER FUNCTION audit_event_enters() SET search_path = public, pg_temp;
ALTER FUNCTION audit_block_follows() SET search_path = public, pg_temp;
ALTER FUNCTION audit_position_is_new() SET search_path = public, pg_temp;
